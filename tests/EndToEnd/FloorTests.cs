using System.Xml.Linq;
using Llamax.Testing;

namespace Llamax.EndToEnd;

/// <summary>Holds the rule of the house: a project references only projects on lower floors.</summary>
public sealed class FloorTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Llamax.Text"] = 0,
        ["Llamax.Distributed"] = 0,
        ["Llamax.Metrics"] = 1,
        ["Llamax.Models"] = 1,
        ["Llamax.Corpora"] = 2,
        ["Llamax.Training"] = 3,
        ["Llamax.Translation"] = 3,
        ["Llamax.Evaluation"] = 4,
        ["Llamax.Reports"] = 5,
        ["Llamax.Recipes"] = 6,
        ["Llamax.Server"] = 7,
        ["Llamax.Cli"] = 8,
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(Shared.Repository, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_lower_floors(string project)
    {
        var floor = Assert.Contains(project, Floors);
        foreach (var reference in References(project))
        {
            Assert.True(Floors[reference] < floor, $"{project} (floor {floor}) references {reference} (floor {Floors[reference]})");
        }
    }

    [Theory]
    [InlineData("Llamax.Text")]
    [InlineData("Llamax.Metrics")]
    [InlineData("Llamax.Distributed")]
    public void Text_metrics_and_distributed_carry_no_libtorch(string project)
    {
        var file = XDocument.Load(ProjectFile(project));
        Assert.DoesNotContain(file.Descendants("PackageReference"),
            package => package.Attribute("Include")!.Value.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(ProjectFile(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static string ProjectFile(string project) =>
        Path.Combine(Shared.Repository, "src", project, project + ".csproj");
}
