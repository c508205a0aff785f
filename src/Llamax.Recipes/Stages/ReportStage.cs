using Llamax.Evaluation.Results;
using Llamax.Reports;

namespace Llamax.Recipes.Stages;

/// <summary>Writes the page that shows what came of the run.</summary>
internal sealed class ReportStage(RunContext context) : Stage
{
    private readonly string folder = Path.Combine(context.Folder, RunContext.Report);

    public override string Name => RunContext.Report;

    public override bool CanResume => false;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, string> Inputs => RunContext.StageNames.Where(stage => stage != Name)
        .Select(stage => Path.Combine(stage, StageRecord.FileName))
        .Append(Path.Combine(RunContext.Evaluate, ResultsFile.JsonName))
        .Where(file => File.Exists(Path.Combine(context.Folder, file)))
        .ToDictionary(file => file, file => Path.Combine(context.Folder, file));

    public override IEnumerable<string> Outputs =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Where(file => file != StageRecord.FileName);

    public override void Run(IRunProgress progress, CancellationToken cancellation) => ReportWriter.Write(RunReport.Of(context.Folder), folder);
}
