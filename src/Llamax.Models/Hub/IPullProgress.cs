namespace Llamax.Models.Hub;

/// <summary>Hears how a pull goes on; called from several threads at once.</summary>
public interface IPullProgress
{
    /// <summary>It is known what will be loaded.</summary>
    /// <param name="files">Files that are not there yet.</param>
    /// <param name="bytes">Their bytes, those of earlier attempts included.</param>
    /// <param name="present">The bytes that earlier attempts left.</param>
    void Planned(int files, long bytes, long present);

    /// <summary>Bytes were written, or taken back where a file is begun anew.</summary>
    /// <param name="bytes">How many; negative where they were taken back.</param>
    void Advanced(long bytes);

    /// <summary>A file is complete.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="isChecked">Whether its content is the right one for certain; else nothing but its length could be checked.</param>
    void Finished(string file, bool isChecked);

    /// <summary>Something that the user should know.</summary>
    /// <param name="text">A sentence.</param>
    void Note(string text);
}
