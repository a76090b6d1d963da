namespace YMaskNet.Inference.Models;

/// <summary>An image and what the model must find in it.</summary>
public sealed record GoldenImage
{
    /// <summary>Path of the image inside the package's folder.</summary>
    public required string Image { get; init; }

    /// <summary>
    /// The precision that gives the expected result; a model is checked by the goldens of the precision that it runs in.
    /// Default: <see cref="ModelPrecision.Fp32"/>.
    /// </summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>Path of the expected result inside the package's folder: one line as <c>ymasknet inspect --json</c> writes it.</summary>
    public required string Expected { get; init; }
}
