using System.Globalization;

namespace Fairlead.Faces.Dashboard;

/// <summary>Words that more than one page says.</summary>
public static class Texts
{
    public const string Skip = "Skip to content";
    public const string Menu = "Menu";
    public const string Pages = "Pages";
    public const string Find = "Find or run";
    public const string Copy = "Copy";
    public const string Back = "Back to the page";
    public const string Pick = "Choose";
    public const string Undo = "Undo";
    public const string Reason = "Why, for the journal";
    public const string Same = "The same on the command line";
    public const string SameWhy = "This page asked what these commands ask, and shows what they answer.";
    public const string AsJson = "What they answered, as JSON";
    public const string Prove = "Confirm that it is you, and come back";
    public const string Demo = "Demo: apps, traffic and history here are simulated.";
    public const string Why = "Why it did what it did";
    public const string Stale =
        "This form was not sent from a page of this server's, or the server began anew since. Nothing was done.";

    public static string TitleOf(string answer) => $"{answer} · Fairlead";

    public static string AsTable(string title) => $"{title} as a table";

    public static string PickOne(string what) => $"Choose {what}";

    public static string Confirm(string word) => $"Type {word} to confirm";

    /// <summary><c>14:02:11</c> of the same day, else <c>Nov 26, 14:02</c>; in UTC.</summary>
    public static string Time(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(
            at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss"
                : at.Year == now.Year ? "MMM d, HH:mm"
                : "yyyy-MM-dd",
            CultureInfo.InvariantCulture
        );

    /// <summary>A name without the id behind it: <c>Sam (1f...)</c> is Sam.</summary>
    public static string Who(string who) =>
        who.EndsWith(')') && who.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? who[..at] : who;

    /// <summary><c>1 app</c>, <c>3 apps</c>.</summary>
    public static string Count(int count, string one, string? many = null) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? one + "s")}";
}
