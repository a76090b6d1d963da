namespace YMaskNet.Server.Hosting;

/// <summary>How the process ends; scripts tell the reasons of a failed start apart by it.</summary>
internal enum ExitCode
{
    /// <summary>Stopped because it was asked to.</summary>
    Stopped = 0,

    /// <summary>A command line option or a configuration value is unknown or out of range.</summary>
    ConfigurationInvalid = 2,

    /// <summary>The models folder is missing.</summary>
    ModelsMissing = 3,

    /// <summary>A model package is missing, damaged, or fails its self-check.</summary>
    ModelUnusable = 4,

    /// <summary>The address is in use or can't be bound.</summary>
    AddressUnavailable = 5,

    /// <summary>The models can't run on the GPU that they are to run on.</summary>
    DeviceUnavailable = 6,

    /// <summary>The certificate, its key, the clients' authorities or the tokens can't be used.</summary>
    CredentialsUnusable = 7,
}
