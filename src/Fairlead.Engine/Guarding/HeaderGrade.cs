using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding;

/// <summary>What an answer's headers do for the safety of those who look at it, from A+ to F.</summary>
/// <param name="Points">0 to 100.</param>
public sealed record HeaderGrade(string Grade, int Points, IReadOnlyList<HeaderFinding> Findings)
{
    private const int All = 100;

    /// <summary>Begins with 100 points and takes off what each finding weighs.</summary>
    public static HeaderGrade Of(SeenAnswer answer)
    {
        var findings = HeaderChecks.Of(answer).OrderByDescending(one => one.Points).ToList();
        var points = Math.Max(0, All - findings.Sum(one => one.Points));
        return new(Letter(points), points, findings);
    }

    private static string Letter(int points) =>
        points switch
        {
            >= All => "A+",
            >= 90 => "A",
            >= 75 => "B",
            >= 60 => "C",
            >= 45 => "D",
            >= 30 => "E",
            _ => "F",
        };
}

/// <summary>Something that could be safer.</summary>
/// <param name="Points">What it costs, of 100.</param>
/// <param name="Fix">A line to change.</param>
public sealed record HeaderFinding(string Header, int Points, string What, string Fix);
