namespace YMaskNet.Client.Tool;

/// <summary>The command line asks for something that can't be; the message is for the person who typed it.</summary>
internal sealed class UsageException(string message) : Exception(message);
