using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>Takes one person out of errors that are kept. Pure, and done twice it changes nothing more.</summary>
/// <param name="subject">What they are called: an id or an address. It counts where it stands alone, in any case.</param>
/// <param name="hashes">What they are kept as where they were the user.</param>
public sealed class Forgetting(string subject, IReadOnlyList<string> hashes)
{
    public const string Gone = "[erased]";

    public ErrorRewrite Rewrite => new(Of, Of);

    /// <summary>Null when nothing of it is theirs.</summary>
    public ErrorEvent? Of(ErrorEvent one)
    {
        var isTheirs = one.User is { } user && hashes.Contains(user, StringComparer.Ordinal);
        var next = one with
        {
            User = isTheirs ? null : one.User,
            Address = isTheirs ? null : one.Address,
            Message = Text(one.Message),
            Template = Text(one.Template),
            Transaction = Text(one.Transaction),
            Exceptions = All(
                one.Exceptions,
                thrown =>
                    Text(thrown.Value) is var value && value == thrown.Value ? thrown : thrown with { Value = value! }
            ),
            Request =
                one.Request is { } request
                && (Text(request.Url) != request.Url || request.Headers.Values.Any(value => Text(value) != value))
                    ? request with
                    {
                        Url = Text(request.Url)!,
                        Headers = request.Headers.ToDictionary(header => header.Key, header => Text(header.Value)!),
                    }
                    : one.Request,
            Tags = one.Tags.Values.Any(value => Text(value) != value)
                ? one.Tags.ToDictionary(tag => tag.Key, tag => Text(tag.Value)!)
                : one.Tags,
            Breadcrumbs = All(
                one.Breadcrumbs,
                crumb => Text(crumb.Text) is var text && text == crumb.Text ? crumb : crumb with { Text = text! }
            ),
        };
        // What was left as it is, is the same list: so this compares what changed alone.
        return next == one ? null : next;
    }

    /// <inheritdoc cref="Of(ErrorEvent)"/>
    public ErrorGroup? Of(ErrorGroup group)
    {
        var next = group with
        {
            Title = Text(group.Title)!,
            Culprit = Text(group.Culprit)!,
            Assignee = string.Equals(group.Assignee, subject, StringComparison.OrdinalIgnoreCase)
                ? null
                : group.Assignee,
        };
        return next == group ? null : next;
    }

    /// <summary>A text without them: "ann" is not in "annual".</summary>
    public string? Text(string? text)
    {
        if (text is null || !text.Contains(subject, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }
        var clean = new System.Text.StringBuilder(text.Length);
        var from = 0;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            if (at >= from && IsAlone(text, at))
            {
                clean.Append(text, from, at - from).Append(Gone);
                from = at + subject.Length;
            }
        }
        return from == 0 ? text : clean.Append(text, from, text.Length - from).ToString();
    }

    private int Next(string text, int from) =>
        from >= text.Length ? -1 : text.IndexOf(subject, from, StringComparison.OrdinalIgnoreCase);

    private bool IsAlone(string text, int at) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + subject.Length == text.Length || !char.IsLetterOrDigit(text[at + subject.Length]));

    private static IReadOnlyList<T> All<T>(IReadOnlyList<T> before, Func<T, T> change)
        where T : class
    {
        T[] after = [.. before.Select(change)];
        return after.Zip(before).All(static pair => ReferenceEquals(pair.First, pair.Second)) ? before : after;
    }
}
