using YMaskNet.Inference.Models;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Models;

public sealed class PrecisionSelectionTests
{
    [Theory]
    [InlineData(PrecisionChoice.Auto, "fp32", true, ModelPrecision.Fp32)]
    [InlineData(PrecisionChoice.Auto, "int8", true, ModelPrecision.Int8)]
    [InlineData(PrecisionChoice.Auto, "int8", false, ModelPrecision.Fp32)]
    [InlineData(PrecisionChoice.Fp32, "int8", true, ModelPrecision.Fp32)]
    [InlineData(PrecisionChoice.Int8, "fp32", true, ModelPrecision.Int8)]
    [InlineData(PrecisionChoice.Int8, "fp32", false, ModelPrecision.Int8)]
    public void Choose_ModelInBoth_BySettingManifestAndProcessor(
        PrecisionChoice choice, string preferred, bool hasInt8DotProduct, ModelPrecision expected)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteQuantisedYMaskNet(models.Directory);
        ManifestFile.Set(folder, "preferredPrecision", preferred);

        Assert.Equal(expected, PrecisionSelection.Choose(ModelPackage.Read(folder), choice, hasInt8DotProduct));
    }

    [Theory]
    [InlineData(PrecisionChoice.Auto)]
    [InlineData(PrecisionChoice.Fp32)]
    public void Choose_ModelWithoutInt8_Fp32(PrecisionChoice choice)
    {
        using TemporaryModels models = new();
        ModelPackage package = ModelPackage.Read(TestModels.WriteYMaskNet(models.Directory));

        Assert.Equal(ModelPrecision.Fp32, PrecisionSelection.Choose(package, choice, hasInt8DotProduct: true));
    }

    [Fact]
    public void Choose_Int8OfAModelWithoutIt_IsRefused()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);

        ModelPackageException exception = Assert.Throws<ModelPackageException>(
            () => PrecisionSelection.Choose(ModelPackage.Read(folder), PrecisionChoice.Int8, hasInt8DotProduct: true));

        Assert.Equal(folder, exception.Path);
        Assert.Contains("the model has no int8 network", exception.Message);
    }

    [Fact]
    public void ReadNetwork_StageWithoutAFileOfThePrecision_IsTheFloatOne()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteQuantisedYMaskNet(models.Directory);
        ModelPackage package = ModelPackage.Read(folder).In(ModelPrecision.Int8);

        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "stage1.int8.onnx")), package.ReadNetwork(ModelFileRole.Stage1));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "stage2.onnx")), package.ReadNetwork(ModelFileRole.Stage2));
        Assert.Equal(
            [ModelPrecision.Fp32, ModelPrecision.Fp32, ModelPrecision.Int8], package.DescribeFiles().Select(file => file.Precision));
    }

    [Fact]
    public void Read_TwoFilesOfAStageInOnePrecision_IsRefused()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteQuantisedYMaskNet(models.Directory);
        ManifestFile.Change(folder, root => root["files"]!.AsArray()[2]!.AsObject().Remove("precision"));

        ModelPackageException exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder));

        Assert.Contains("files[].role and precision is Stage1 in Fp32; each entry must occur once", exception.Message);
    }
}
