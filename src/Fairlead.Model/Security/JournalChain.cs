using System.Globalization;

namespace Fairlead.Model.Security;

/// <summary>
/// The journal's hash chain: each line's hash covers the hash before it, so a line that is changed, dropped or moved leaves
/// a break that can be found.
/// </summary>
/// <remarks>
/// The form that is hashed: the hash before (64 zeros before the first), sequence, time as ISO 8601 in UTC with seven
/// decimals, app, environment, deployment or nothing, fence, kind, text, body as stored or nothing; each as in
/// <see cref="CanonicalHash"/>. Whoever can rewrite the whole file can rewrite the whole chain: that shows by the signed
/// <see cref="TreeHead"/>s, of which copies are kept elsewhere.
/// </remarks>
public static class JournalChain
{
    public static readonly string Root = new('0', 64);

    public static string Hash(string before, JournalRow row)
    {
        using var hash = new CanonicalHash();
        return hash.Add(before)
            .Add(row.Sequence)
            .Add(row.At)
            .Add(row.App)
            .Add(row.Environment)
            .Add(row.Deployment)
            .Add(row.Fence)
            .Add(row.Kind)
            .Add(row.Text)
            .Add(row.Body)
            .Finish();
    }

    public static string TimeText(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

/// <summary>A line of the journal as it is kept and hashed.</summary>
/// <param name="At">As ISO 8601 in UTC with seven decimals.</param>
/// <param name="Body">JSON as it is kept; null for none.</param>
public sealed record JournalRow(
    long Sequence,
    string At,
    string App,
    string Environment,
    string? Deployment,
    long Fence,
    string Kind,
    string Text,
    string? Body
);

/// <summary>A line of the journal with the hash that is kept of it.</summary>
/// <param name="Hash">64 lower-case hex digits.</param>
public sealed record HashedLine(JournalRow Row, string Hash);
