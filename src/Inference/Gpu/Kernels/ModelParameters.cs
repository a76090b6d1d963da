using System.Numerics;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>What kernels are told of a model, by value.</summary>
internal static class ModelParameters
{
    public static KernelNetworkInput Of(InputDescription input)
    {
        KernelNetworkInput parameters = new()
        {
            Channels = input.ChannelCount,
            Height = input.Height,
            Width = input.Width,
            Surround = input.LetterboxValue,
        };
        for (int channel = 0; channel < input.ChannelCount; channel++)
            (parameters.Mean[channel], parameters.Std[channel]) = (input.Mean[channel], input.Std[channel]);
        return parameters;
    }

    /// <param name="manifest">The model.</param>
    /// <param name="detection">Its detection.</param>
    /// <param name="values">Address of a head's values, by the tensor's name.</param>
    public static KernelAnchorHeads Of(ModelManifest manifest, DetectionDescription detection, Func<string, nint> values)
    {
        KernelAnchorHeads parameters = new() { ClassCount = manifest.Classes.Count };
        for (int index = 0; index < detection.Heads.Count; index++)
        {
            AnchorHead head = detection.Heads[index];
            ref KernelAnchorHead target = ref parameters.Heads[index];
            target.Values = values(head.Tensor);
            target.Columns = manifest.Input.Width / head.Stride;
            target.Rows = manifest.Input.Height / head.Stride;
            target.Stride = head.Stride;
            target.AnchorCount = head.Anchors.Count;
            target.FirstAnchor = parameters.TotalAnchors;
            for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
                (target.Sizes[2 * anchor], target.Sizes[(2 * anchor) + 1]) = (head.Anchors[anchor].Width, head.Anchors[anchor].Height);
            parameters.TotalAnchors += AnchorsOf(head, manifest.Input);
        }

        return parameters;
    }

    /// <summary>Anchors of a head's map.</summary>
    public static int AnchorsOf(AnchorHead head, InputDescription input) =>
        head.Anchors.Count * (input.Width / head.Stride) * (input.Height / head.Stride);

    /// <summary>Room for the keys of so many candidates.</summary>
    public static int KeyCapacity(int anchors) => (int)BitOperations.RoundUpToPowerOf2((uint)anchors);

    /// <param name="regions">All region inputs.</param>
    /// <param name="region">One of them.</param>
    /// <param name="input">The first network's input.</param>
    /// <param name="values">Address of its source.</param>
    /// <param name="firstChannel">Channels of the inputs before it.</param>
    public static KernelRegionInput Of(RegionsDescription regions, RegionInput region, InputDescription input, nint values, int firstChannel)
    {
        KernelRegionInput parameters = new()
        {
            LevelCount = 1,
            Channels = region.Channels,
            OutputSize = region.OutputSize,
            SamplingRatio = region.SamplingRatio,
            Unshuffle = region.Unshuffle,
            FirstChannel = firstChannel,
            TotalChannels = regions.ChannelCount,
        };
        parameters.Levels[0] = new KernelRegionLevel(
            values, region.SourceExtent(input.Height), region.SourceExtent(input.Width), region.SpatialScale, Reserved: 0);
        return parameters;
    }

    public static KernelRefinement Of(ModelManifest manifest, RefinementDescription refinement)
    {
        KernelRefinement parameters = new()
        {
            ClassCount = manifest.Classes.Count,
            MaskSize = refinement.MaskSize,
            MaskThreshold = refinement.MaskThreshold,
            LogScaleClamp = refinement.LogScaleClamp,
            UsesStage1Score = refinement.Score == ScoreRule.Stage1 ? 1 : 0,
        };
        for (int index = 0; index < refinement.DeltaWeights.Count; index++)
            parameters.DeltaWeights[index] = refinement.DeltaWeights[index];
        return parameters;
    }
}
