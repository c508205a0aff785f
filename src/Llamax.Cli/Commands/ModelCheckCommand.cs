using System.CommandLine;
using Llamax.Models.Hub;
using Llamax.Translation.Checking;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax model check</c>: does this machine compute what the original computed?</summary>
internal static class ModelCheckCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A model folder with reference outputs: expected.json and expected.safetensors." };
        var json = new Option<bool>("--json") { Description = "A JSON array with one object per check." };
        var place = new DeviceArguments(defaultType: "float32");
        var command = new Command("check", "Runs the reference inputs that lie in a model folder and compares with the reference outputs; what searches find in float32 only.") { folder, json };
        place.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var type = place.Type(parsed);
            var (results, notCompared) = ModelCheck.Run(
                LocalModel.Find(parsed.GetValue(folder)!), type, place.Device(parsed), note: TokenizerArguments.Note, cancellationToken: cancellationToken);
            place.Announce(parsed);
            if (parsed.GetValue(json))
            {
                Console.Write(JsonOutput.Of(results, nulls: true));
                foreach (var missing in notCompared)
                {
                    TokenizerArguments.Note($"not compared: {missing}");
                }
            }
            else
            {
                var width = results.Max(result => result.Name.Length);
                foreach (var result in results)
                {
                    var difference = result.Difference is { } value ? $"{value:0.0e+00}" : "same ids";
                    Console.WriteLine($"{(result.Passed ? "pass" : "FAIL")}  {result.Name.PadRight(width)}  {difference}  {result.Detail}".TrimEnd());
                }

                foreach (var missing in notCompared)
                {
                    Console.WriteLine($"----  not compared: {missing}");
                }

                var failed = results.Count(result => !result.Passed);
                Console.WriteLine($"{results.Count - failed} passed, {failed} failed (tolerance {ModelCheck.Tolerance(type):0e+0}){(notCompared.Count > 0 ? ", and not all was compared" : "")}");
            }

            return Task.FromResult(results.All(result => result.Passed) ? ExitCodes.Done : ExitCodes.CheckFailed);
        });
        return command;
    }
}
