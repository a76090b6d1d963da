namespace YMaskNet.Client.Tool.Overlays;

/// <summary>A picture could not be made; the inspection itself stands.</summary>
internal sealed class OverlayException(string message, Exception innerException) : Exception(message, innerException);
