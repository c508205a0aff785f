using System.Security.Cryptography;
using Llamax.Testing;

namespace Llamax.EndToEnd;

/// <summary>One undisturbed run of <c>recipes/smoke.yaml</c> that the tests of this project share.</summary>
public sealed class SmokeRun : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SmokeRun() => (Code, Output, Errors) = Llamax();

    public static string Recipe { get; } = Path.Combine(Shared.Repository, "recipes", "smoke.yaml");

    public int Code { get; }

    public string Output { get; }

    public string Errors { get; }

    public string Folder => folder.File("smoke");

    /// <summary>What must be the same in every run: the scores, and the weights of the last models.</summary>
    public static string Fingerprint(string run) => string.Join('\n', new[]
    {
        "evaluate/results.json", "finetune/base-alpaca/model/model.safetensors", "finetune/llamax-alpaca/model/model.safetensors",
    }.Select(file => $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, file))))}"));

    /// <summary>Runs the recipe in the shared folder (again).</summary>
    public (int Code, string Output, string Errors) Llamax(params string[] more) =>
        CommandLine.Run(["run", Recipe, "--out", Folder, "--set", "threads=2", .. more]);

    public void Dispose() => folder.Dispose();
}
