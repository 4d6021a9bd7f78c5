using System.Globalization;
using System.Text;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.Loads;

/// <summary>The requests of a load, made once. Each comes as often as its weight says, evenly mixed.</summary>
internal sealed class LoadRequests
{
    private const int WeightsMax = 1_000;

    private readonly ReadOnlyMemory<byte>[] turns;

    /// <exception cref="ProblemException">One cannot be sent.</exception>
    public LoadRequests(Uri url, IReadOnlyList<LoadRequestEntry> entries)
    {
        List<LoadRequestEntry> all = entries.Count == 0 ? [new() { Path = url.PathAndQuery }] : [.. entries];
        var sum = all.Sum(static one => one.Weight ?? 1);
        if (sum is 0 or > WeightsMax)
        {
            throw Wrong($"The weights of the requests add up to {sum}.", $"Together they are from 1 to {WeightsMax}.");
        }
        var made = all.Select(one => Make(url, one)).ToList();
        turns = new ReadOnlyMemory<byte>[sum];
        var had = new double[all.Count];
        for (var turn = 0; turn < sum; turn++)
        {
            // The one that is furthest behind its share is next, so that no kind comes in a burst.
            var next = Enumerable
                .Range(0, all.Count)
                .MaxBy(index => ((turn + 1) * (double)(all[index].Weight ?? 1) / sum) - had[index]);
            had[next]++;
            turns[turn] = made[next];
        }
    }

    public ReadOnlyMemory<byte> Of(long number) => turns[number % turns.Length];

    private static ReadOnlyMemory<byte> Make(Uri url, LoadRequestEntry entry)
    {
        var method = entry.Method ?? (entry.Body is null ? "GET" : "POST");
        var path = entry.Path ?? url.PathAndQuery;
        var body = Encoding.UTF8.GetBytes(entry.Body ?? "");
        var head = new StringBuilder();
        _ = head.Append(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        foreach (var (name, value) in entry.Headers ?? new Dictionary<string, string>())
        {
            _ = head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        if (body.Length > 0 || method is "POST" or "PUT" or "PATCH")
        {
            _ = head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }
        var text = head.Append("\r\n").ToString();
        // What is written is taken as it is, so nothing may end a line that is none of ours.
        return
            path.StartsWith('/')
            && !path.Any(static one => one is <= ' ' or > '~')
            && method.All(char.IsAsciiLetterUpper)
            && text.Count(static one => one == '\n')
                == 3
                    + (entry.Headers?.Count ?? 0)
                    + (text.Contains("\r\nContent-Length: ", StringComparison.Ordinal) ? 1 : 0)
            && text.All(static one => one is '\r' or '\n' || (one >= ' ' && one < 256))
            ? (byte[])[.. Encoding.Latin1.GetBytes(text), .. body]
            : throw Wrong(
                $"A request of {method} {path} cannot be sent.",
                "Its path begins with / and has no blanks, its method has capital letters, and headers have one line."
            );
    }

    private static ProblemException Wrong(string what, string why) =>
        new(
            new Problem("check.request", what, why, $"Mend 'requests' under 'load' in {ChecksFile.Name}.")
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
