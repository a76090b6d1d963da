namespace YMaskNet.Server.Tls;

/// <summary>Where the server's certificate comes from, and whose callers it lets in.</summary>
/// <param name="Certificate">A PEM file, the server's certificate first and intermediate ones after it, or a PFX file.</param>
/// <param name="Key">A PEM file with the certificate's key; <see langword="null"/>: it is in the file of the certificate.</param>
/// <param name="Password">Of the PFX file or of the key; <see langword="null"/>: none.</param>
/// <param name="ClientAuthorities">
/// A PEM file of authorities; callers must have a certificate of one of them. <see langword="null"/>: callers need none.
/// </param>
internal sealed record TlsFiles(string Certificate, string? Key, string? Password, string? ClientAuthorities)
{
    /// <summary>All files.</summary>
    public IReadOnlyList<string> Paths => [.. new[] { Certificate, Key, ClientAuthorities }.OfType<string>()];

    // What is printed of a record would hold the password.
    public override string ToString() => string.Join(", ", Paths);
}
