// What a rank does in the tests: which scene is played, which rank is its hero, and a folder where all leave their marks.
using System.Diagnostics;
using Llamax.Distributed;

var (scene, hero, folder) = (args[0], int.Parse(args[1]), args[2]);
try
{
    using var group = ProcessGroup.Join();
    var isHero = group.Rank == hero;
    File.WriteAllText(Path.Combine(folder, $"process-{group.Rank}"), $"{Environment.ProcessId}");
    group.Barrier();
    switch (scene)
    {
        case "report":
            Console.WriteLine($"rank {group.Rank} of {group.Size}");
            break;
        case "rounds":
            Rounds(group, folder);
            break;
        case "idle":
            Idle(group, isHero);
            break;
        case "null":
            Console.WriteLine($"caught {CatchNull()}");
            break;
        case "abort" when isHero:
            group.Abort(7, "the tokenizer is missing");
            break;
        case "throw" when isHero:
            throw new InvalidOperationException("something that nobody expected");
        case "fail" when isHero:
            throw new DistributedException("something that the user can mend");
        case "kill" when isHero:
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
            break;
        case "wait" when isHero:
            Thread.Sleep(Timeout.Infinite);
            break;
    }

    group.Complete();
    return 0;
}
catch (DistributedException exception)
{
    Console.Error.WriteLine($"host: {exception.Message}");
    return 2;
}

// Every rank leaves a mark before each barrier and finds everybody's after it.
static void Rounds(ProcessGroup group, string folder)
{
    for (var round = 0; round < 20; round++)
    {
        Thread.Sleep(round * (group.Rank + 1) % 7);
        File.WriteAllText(Path.Combine(folder, $"{round}-{group.Rank}"), "");
        group.Barrier();
        for (var rank = 0; rank < group.Size; rank++)
        {
            if (!File.Exists(Path.Combine(folder, $"{round}-{rank}")))
            {
                throw new InvalidOperationException($"rank {group.Rank} left barrier {round} before rank {rank} came");
            }
        }
    }
}

// The others wait for the hero and say what that cost them.
static void Idle(ProcessGroup group, bool isHero)
{
    var before = Environment.CpuUsage.TotalTime;
    if (isHero)
    {
        Thread.Sleep(2000);
    }

    group.Barrier();
    if (!isHero)
    {
        Console.WriteLine($"cpu {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:F0} ms");
    }
}

static string CatchNull()
{
    try
    {
        return Length(null!);
    }
    catch (NullReferenceException exception)
    {
        return exception.GetType().Name;
    }

    static string Length(string text) => text.Length.ToString();
}
