using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels.Issues;

/// <summary>
/// Keeps one issue for each group of alerts: opens it, comments on what changes, closes it when all is over. It finds its issue by a mark in the
/// text, and by another what it has already said, so nothing is said twice.
/// </summary>
public sealed class IssueChannel : IChannel
{
    private const int PagesMax = 10;
    private const int PageSize = 100;
    private const int AnswerBytesMax = 16 << 20;
    private const int TextCharsMax = 30_000;

    // By how much the forge's clock may be before ours.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    private readonly ChannelHttp http;
    private readonly IIssueTracker tracker;

    internal IssueChannel(ChannelHttp http, IIssueTracker tracker) =>
        (this.http, this.tracker, Fields) = (
            http,
            tracker,
            [
                new(tracker.Place.Name, $"Where issues are, such as `{tracker.Place.Example}`.") { IsRequired = true },
                new("token", "A token that may read and write issues there.") { IsRequired = true, IsSecret = true },
                new("labels", "Labels of issues that are opened."),
                new("api_url", $"Another address of the API; `{tracker.Api}` by default."),
            ]
        );

    public string Kind => tracker.Kind;

    public IReadOnlyList<ChannelField> Fields { get; }

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "api_url"),
            ChannelWords.TokenFault(settings, "token"),
            settings.Text(tracker.Place.Name) is { } place && !IsPlace(place)
                ? $"'{tracker.Place.Name}' has to be names with / between them, such as {tracker.Place.Example}."
                : null
        );

    public async Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var place = settings.Needed(tracker.Place.Name);
        var text = IssueText.Of(notification, tracker.TitleCharsMax, TextCharsMax);
        var (sent, found) = await FindAsync(place, text, settings, stop);
        if (!sent.IsTaken)
        {
            return sent;
        }
        if (found is not { } issue)
        {
            // What is over and has no issue needs none.
            return notification.IsResolved
                ? Sent.Taken
                : (
                    await AskAsync(
                        tracker.Create(place, text.Title, text.First, settings.All("labels")),
                        settings,
                        stop
                    )
                ).Sent;
        }
        sent = issue.Text.Contains(text.IdMark, StringComparison.Ordinal)
            ? Sent.Taken
            : await CommentAsync(place, issue.Number, text, (notification, settings), stop);
        return sent.IsTaken && notification.IsResolved
            ? (await AskAsync(tracker.Close(place, issue.Number), settings, stop)).Sent
            : sent;
    }

    private async Task<Sent> CommentAsync(
        string place,
        long issue,
        IssueText text,
        (Notification Notification, ChannelSettings Settings) of,
        CancellationToken stop
    )
    {
        var known = await AskAsync(tracker.Comments(place, issue, of.Notification.At - ClockSlack), of.Settings, stop);
        return !known.Sent.IsTaken || known.Body is not JsonArray || IssueAnswers.HasMark(known.Body, text.IdMark)
            ? Listed(known)
            : (await AskAsync(tracker.Comment(place, issue, text.More), of.Settings, stop)).Sent;
    }

    private async Task<(Sent Sent, (long Number, string Text)? Found)> FindAsync(
        string place,
        IssueText text,
        ChannelSettings settings,
        CancellationToken stop
    )
    {
        for (var page = 1; page <= PagesMax; page++)
        {
            var answer = await AskAsync(tracker.Open(place, page), settings, stop);
            if (Listed(answer) is { IsTaken: false } failed)
            {
                return (failed, null);
            }
            foreach (var issue in tracker.ReadOpen(answer.Body))
            {
                if (issue.Text.StartsWith(text.GroupMark, StringComparison.Ordinal))
                {
                    return (Sent.Taken, issue);
                }
            }
            if (IssueAnswers.Count(answer.Body) < PageSize)
            {
                break;
            }
        }
        return (Sent.Taken, null);
    }

    // A proxy's page is no list, and an issue that is not seen would be opened again.
    private Sent Listed(ChannelAnswer answer) =>
        answer is { Sent.IsTaken: true, Body: not JsonArray }
            ? Sent.Later($"{tracker.Kind} did not answer with a list of JSON: see that the address is that of its API.")
            : answer.Sent;

    private Task<ChannelAnswer> AskAsync(ForgeCall call, ChannelSettings settings, CancellationToken stop)
    {
        var (name, value) = tracker.Showing(settings.Needed("token"));
        var request = new ChannelCall(
            call.Method,
            $"{settings.Root("api_url", tracker.Api)}/{call.Path}",
            ChannelSecrets.Of(Fields, settings)
        )
        {
            Body = call.Body is { } body ? ChannelCall.BytesOf(body) : null,
            AnswerBytesMax = call.Body is null ? AnswerBytesMax : 0,
        };
        return http.AskAsync(request.With(name, value).With("Accept", "application/json"), stop);
    }

    private static bool IsPlace(string place) =>
        place.Length <= 255
        && place.Split('/') is { Length: >= 2 } names
        && names.All(static name =>
            name is not ("" or "." or "..")
            && name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.')
        );
}
