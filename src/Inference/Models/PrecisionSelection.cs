namespace YMaskNet.Inference.Models;

/// <summary>Decides in which precision a model runs.</summary>
internal static class PrecisionSelection
{
    /// <param name="package">The model.</param>
    /// <param name="choice">What the operator asks for.</param>
    /// <param name="hasInt8DotProduct">Whether the processor has instructions for 8-bit networks.</param>
    /// <exception cref="ModelPackageException">The model has no networks of the precision that is asked for.</exception>
    public static ModelPrecision Choose(ModelPackage package, PrecisionChoice choice, bool hasInt8DotProduct)
    {
        ModelManifest manifest = package.Manifest;
        switch (choice)
        {
            case PrecisionChoice.Fp32:
                return ModelPrecision.Fp32;
            case PrecisionChoice.Int8 when manifest.Has(ModelPrecision.Int8):
                return ModelPrecision.Int8;
            case PrecisionChoice.Int8:
                throw new ModelPackageException(
                    package.Folder, "the precision int8 is asked for, and the model has no int8 network; choose auto or fp32, or serve other models");
            default:
                return hasInt8DotProduct ? manifest.PreferredPrecision : ModelPrecision.Fp32;
        }
    }
}
