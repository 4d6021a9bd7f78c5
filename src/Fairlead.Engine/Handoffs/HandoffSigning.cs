using System.Globalization;
using System.Text;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Handoffs;

/// <summary>
/// Signs results of gates with the key of the journal, so that what opened a gate can be proved to others, and a result that was changed where it is kept opens
/// none.
/// </summary>
public static class HandoffSigning
{
    /// <summary>What is signed of one: lines of UTF-8, each with its end.</summary>
    public static string TextOf(Handoff handoff)
    {
        var result = (GateResult)HandoffReading.BodyOf(handoff);
        var text = new StringBuilder("fairlead gate-result 1\n");
        foreach (
            var (name, value) in (IEnumerable<(string, string)>)
                [
                    ("id", handoff.Id),
                    ("site", handoff.Site.ToString()),
                    ("gate", result.Gate),
                    ("passed", result.Passed ? "true" : "false"),
                    ("by", handoff.OfferedBy),
                    ("at", handoff.OfferedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
                    .. result.Evidence.Select(static one => ("evidence", one)),
                ]
        )
        {
            // One line each, whatever stands in it.
            text.Append(name).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The same, signed where it is of a kind that is.</summary>
    public static Handoff Sign(Handoff handoff, ISigner signer) =>
        handoff.Kind is "gate-result"
            ? handoff with
            {
                Signature = Convert.ToBase64String(signer.Sign(Encoding.UTF8.GetBytes(TextOf(handoff)))),
            }
            : handoff;

    /// <summary>Whether a result is as it was handed over.</summary>
    public static bool Holds(Handoff handoff, ISigner signer)
    {
        var signature = new byte[256];
        return handoff.Signature is { } text
            && Convert.TryFromBase64String(text, signature, out var length)
            && signer.Verify(Encoding.UTF8.GetBytes(TextOf(handoff)), signature.AsSpan(0, length));
    }
}
