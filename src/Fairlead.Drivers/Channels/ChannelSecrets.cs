using System.Net;
using System.Text;
using System.Text.Json;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>What settings hold that nobody may see. Addresses are secrets too where whoever knows them may write, as those of Slack's webhooks.</summary>
internal sealed class ChannelSecrets
{
    // Shorter pieces of an address are words of an API, such as "services" and "workflows".
    private const int PieceCharsMin = 12;

    private readonly IReadOnlyList<string> forms;

    private ChannelSecrets(IReadOnlyList<string> forms) => this.forms = forms;

    public static ChannelSecrets Of(IReadOnlyList<ChannelField> fields, ChannelSettings settings) =>
        new([
            .. fields
                .Where(static one => one.IsSecret)
                .SelectMany(one => settings.All(one.Name))
                .Where(static text => text.Length > 0)
                .SelectMany(Forms)
                .Distinct(StringComparer.Ordinal),
        ]);

    public static ChannelSecrets Of(IEnumerable<string> secrets) =>
        new([.. secrets.Where(static text => text.Length > 0).SelectMany(Forms).Distinct(StringComparer.Ordinal)]);

    /// <summary>With another that they went into, as it is sent: such as user and password in one.</summary>
    public ChannelSecrets And(string sent) => new([.. forms, sent]);

    public bool AreIn(string text) => forms.Any(one => text.Contains(one, StringComparison.Ordinal));

    /// <summary>
    /// Words of another side as they may be told: one line, not long, and nothing at all when a secret is in them, because what is left of
    /// a text around a secret may still hold a piece of it.
    /// </summary>
    public string Words(string text, int charsMax = 200) =>
        AreIn(text)
            ? "(its words hold a secret and are not shown)"
            : Texts.Fitting.Clip(Texts.Fitting.Line(text), charsMax);

    private static IEnumerable<string> Forms(string secret)
    {
        IEnumerable<string> whole = [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))];
        if (Uri.TryCreate(secret, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            whole = [secret, .. Pieces(address)];
        }
        return whole.SelectMany(static one =>
            new[]
            {
                one,
                Uri.EscapeDataString(one),
                Uri.UnescapeDataString(one),
                WebUtility.HtmlEncode(one),
                JsonSerializer.Serialize(one)[1..^1],
            }
        );
    }

    private static IEnumerable<string> Pieces(Uri address) =>
        address
            .PathAndQuery.Split('/', '?', '&', '=')
            .Where(static one => one.Length >= PieceCharsMin)
            .Concat(new[] { address.PathAndQuery, address.AbsolutePath }.Where(static one => one.Length > 1));
}
