using Fairlead.Model.Problems;

namespace Fairlead.Model.Web;

/// <summary>What is wrong in one of a site's rule files, by line. A rule with a finding does not hold; the others do.</summary>
/// <param name="file">Such as <c>_redirects</c>.</param>
internal sealed class RuleFindings(string file)
{
    private const int FindingsMax = 100;

    private readonly List<Problem> all = [];

    public IReadOnlyList<Problem> All => all;

    public void Add(string place, string what, string why, string fix)
    {
        if (all.Count < FindingsMax)
        {
            all.Add(
                new Problem("web.rule", $"{file}:{place}: {what}", why, fix)
                {
                    Where = $"{file}:{place}",
                    Trouble = Trouble.WrongUse,
                }
            );
        }
    }

    /// <summary>A word of the file as it can be shown: short, in one line.</summary>
    public static string Shown(string text)
    {
        var plain = string.Concat(text.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter));
        return text.Length > 80 ? plain + "..." : plain;
    }
}
