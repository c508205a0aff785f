using System.Globalization;

namespace Llamax.Recipes.Stages;

/// <summary>
/// Keeps a second run out of a run folder. The lock is the operating system's on an open file, so it ends with the
/// process, however that ends; the process id in the file beside it is for the message alone.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string OwnerSuffix = ".pid";

    private readonly FileStream held;

    private RunLock(FileStream held) => this.held = held;

    /// <summary>Takes the lock of a run folder.</summary>
    /// <exception cref="LlamaxException">Another run has it.</exception>
    public static RunLock Take(string folder)
    {
        var file = Path.Combine(folder, ".lock");
        RunLock taken;
        try
        {
            taken = new RunLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new LlamaxException(
                $"{folder}: another run{Holder(file)} is at work in this folder. Wait for it, stop it, or name another folder with --out.", exception);
        }

        try
        {
            File.WriteAllText(file + OwnerSuffix, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock as soon as nobody else has it.</summary>
    public static RunLock Wait(string folder, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return Take(folder);
            }
            catch (LlamaxException exception) when (exception.InnerException is IOException)
            {
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    public void Dispose() => held.Dispose();

    private static string Holder(string file)
    {
        try
        {
            return File.ReadAllText(file + OwnerSuffix) is { Length: > 0 and < 20 } id ? $" (process {id})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
