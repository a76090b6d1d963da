namespace YMaskNet.Server.FileWatch;

/// <summary>Files that are read again when they change.</summary>
internal interface IWatchedFiles
{
    /// <summary>Looks at the files, and reads them if they are new. Never throws.</summary>
    void Look();
}
