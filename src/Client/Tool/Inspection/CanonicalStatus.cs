using System.Text;
using Grpc.Core;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>Status codes under the names of google.rpc.Code.</summary>
internal static class CanonicalStatus
{
    public static string NameOf(StatusCode code)
    {
        if (code == StatusCode.OK)
            return "OK";

        StringBuilder name = new();
        foreach (char letter in code.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
