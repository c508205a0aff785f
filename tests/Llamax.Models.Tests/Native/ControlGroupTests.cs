using Llamax.Models.Native;
using Llamax.Testing;

namespace Llamax.Models.Tests.Native;

public sealed class ControlGroupTests
{
    [Fact]
    public void The_tightest_limit_above_a_process_says_what_is_free()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("batch/job"));
        File.WriteAllText(folder.File("membership"), "12:cpu:/other\n0::/batch/job\n");
        Assert.Null(Free());
        Write("batch/job", "max", "700");
        Assert.Null(Free());
        Write("batch", "1000", "900", "anon 5\ninactive_file 300\nactive_file 7\n");
        Assert.Equal(400, Free());
        Write("batch/job", "800", "700", "inactive_file 0\n");
        Assert.Equal(100, Free());
        Write("", "50", "70");
        Assert.Equal(0, Free());
        Assert.Null(ControlGroup.FreeMemory(folder.File("absent"), folder.Path));

        long? Free() => ControlGroup.FreeMemory(folder.File("membership"), folder.Path);

        void Write(string group, string most, string taken, string? stat = null)
        {
            File.WriteAllText(Path.Combine(folder.Path, group, "memory.max"), most + "\n");
            File.WriteAllText(Path.Combine(folder.Path, group, "memory.current"), taken + "\n");
            if (stat is not null)
            {
                File.WriteAllText(Path.Combine(folder.Path, group, "memory.stat"), stat);
            }
        }
    }
}
