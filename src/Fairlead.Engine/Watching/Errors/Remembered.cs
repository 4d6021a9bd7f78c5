using System.Collections.Concurrent;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>A text's plain form, worked out once: the frames of an application come again with each of its errors.</summary>
internal sealed class Remembered(Func<string, string> make)
{
    private const int TextsMax = 4_096;
    private const int LengthMax = 400;

    private volatile ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    public string Of(string text)
    {
        if (text.Length > LengthMax)
        {
            return make(text);
        }
        var all = known;
        if (all.TryGetValue(text, out var plain))
        {
            return plain;
        }
        if (all.Count >= TextsMax)
        {
            // Begun anew: cheaper than to know which of them is old.
            known = all = new(StringComparer.Ordinal);
        }
        return all[text] = make(text);
    }
}
