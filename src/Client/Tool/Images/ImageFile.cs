namespace YMaskNet.Client.Tool.Images;

/// <summary>An image to inspect.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What results call it; no two images of a run share a name. Folders are separated by <c>/</c>.</param>
internal sealed record ImageFile(string Path, string Name);
