using System.Globalization;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>What channels ask of their settings: each check is a sentence when something is wrong, and null when nothing is.</summary>
internal static class ChannelWords
{
    /// <summary>The first fault of several.</summary>
    public static string? First(params ReadOnlySpan<string?> faults)
    {
        foreach (var fault in faults)
        {
            if (fault is not null)
            {
                return fault;
            }
        }
        return null;
    }

    /// <summary>The text of a setting, or what holds when it is not given.</summary>
    public static string Or(this ChannelSettings settings, string name, string otherwise) =>
        settings.Text(name) is { Length: > 0 } text ? text : otherwise;

    /// <summary>A setting that its field says is required.</summary>
    public static string Needed(this ChannelSettings settings, string name) =>
        settings.Text(name) ?? throw new InvalidOperationException($"'{name}' was not checked before it was used.");

    /// <summary>An address without a slash at its end, to which a path is added.</summary>
    public static string Root(this ChannelSettings settings, string name, string otherwise) =>
        settings.Or(name, otherwise).TrimEnd('/');

    /// <summary>Whether it is an address of http or https that says nothing twice. Its text is in no answer, since it may be a secret.</summary>
    public static string? AddressFault(ChannelSettings settings, string name) =>
        settings.Text(name) is not { } text ? null
        : !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            ? $"'{name}' is no address: it begins with https:// or http://."
        : address.UserInfo.Length > 0 ? $"'{name}' has a user in it; give user and password by their own settings."
        : address.Fragment.Length > 0 ? $"'{name}' has a # in it, which is not sent."
        : null;

    /// <summary>Whether it can be sent in a header: what breaks a line there would be a header of its own.</summary>
    public static string? TokenFault(ChannelSettings settings, string name) =>
        settings.Text(name) is { } text && (text.Length == 0 || text.Any(static one => one is <= ' ' or > '~'))
            ? $"'{name}' has to be letters, digits and signs without blanks."
            : null;

    public static string? BasicFault(ChannelSettings settings, string user, string password) =>
        (settings.Text(user) is null) != (settings.Text(password) is null)
            ? $"'{user}' and '{password}' belong together."
        : settings.Text(user)?.Contains(':', StringComparison.Ordinal) is true ? $"'{user}' cannot have a colon."
        : null;

    public static string? NumberFault(ChannelSettings settings, string name, int from, int to) =>
        settings.Text(name) is { } text && (Number(text) is not { } number || number < from || number > to)
            ? string.Create(CultureInfo.InvariantCulture, $"'{name}' has to be a number from {from} to {to}.")
            : null;

    /// <summary>Null when it is not given.</summary>
    public static int? Number(this ChannelSettings settings, string name) =>
        settings.Text(name) is { } text ? Number(text) : null;

    public static string? OneOfFault(ChannelSettings settings, string name, params IEnumerable<string> words) =>
        settings.Text(name) is { } text && !words.Contains(text)
            ? $"'{name}' has to be {string.Join(", ", words.SkipLast(1))} or {words.Last()}."
            : null;

    public static string? OnlyOneFault(ChannelSettings settings, string name) =>
        settings.All(name).Count > 1 ? $"'{name}' takes one; write another entry for each one more." : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
