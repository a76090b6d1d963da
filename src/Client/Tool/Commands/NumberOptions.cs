using System.CommandLine;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>Options that take a number within a range.</summary>
internal static class NumberOptions
{
    /// <summary>A number from 0 to 1.</summary>
    public static Option<float?> Fraction(string name, string description)
    {
        Option<float?> option = new(name) { Description = description, HelpName = "0..1" };
        option.Validators.Add(result =>
        {
            // Written so that NaN fails.
            if (!result.Errors.Any() && result.GetValue(option) is { } value && !(value >= 0 && value <= 1))
                result.AddError($"{name} must be from 0 to 1.");
        });
        return option;
    }

    /// <summary>A whole number from 1 on.</summary>
    public static Option<int?> Count(string name, string description, int max)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValue(option) is { } value && (value < 1 || value > max))
                result.AddError(max == int.MaxValue ? $"{name} must be at least 1." : $"{name} must be from 1 to {max}.");
        });
        return option;
    }
}
