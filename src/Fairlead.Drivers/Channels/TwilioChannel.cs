using System.Net;
using System.Text;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Channels;

/// <summary>Sends text messages and calls people by Twilio's API of 2010-04-01 (https://www.twilio.com/docs/usage/api).</summary>
public sealed class TwilioChannel : IChannel
{
    // Twilio takes 1,600. Each 70 to 153 letters are paid for, and who gets it looks elsewhere for the rest.
    private const int TextCharsMax = 640;
    private const int SpeechCharsMax = 500;

    private readonly ChannelHttp http;

    internal TwilioChannel(ChannelHttp http) => this.http = http;

    public string Kind => "twilio";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("account_sid", "The account: `AC` and 32 hex digits.") { IsRequired = true },
        new("auth_token", "The account's token, or the secret of `api_key_sid`.")
        {
            IsRequired = true,
            IsSecret = true,
        },
        new("api_key_sid", "An API key instead of the account itself: `SK...`."),
        new(
            "from",
            "A number of the account, such as `+15005550006`, or for texts the sid of a messaging service, `MG...`."
        )
        {
            IsRequired = true,
        },
        new("to", "The number to reach, such as `+4915112345678`; one for each entry, so that each is told once.")
        {
            IsRequired = true,
        },
        new("mode", "`sms` (by default) sends a text, `voice` calls and reads it out, twice."),
        new("api_url", "Another address; `https://api.twilio.com` by default."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            ChannelWords.AddressFault(settings, "api_url"),
            settings.Text("account_sid") is { } account && !account.All(char.IsAsciiLetterOrDigit)
                ? "'account_sid' has to be letters and digits."
                : null,
            ChannelWords.TokenFault(settings, "auth_token"),
            settings.Text("api_key_sid") is { } key && !key.All(char.IsAsciiLetterOrDigit)
                ? "'api_key_sid' has to be letters and digits."
                : null,
            ChannelWords.OneOfFault(settings, "mode", "sms", "voice"),
            ChannelWords.OnlyOneFault(settings, "to"),
            settings.Text("to") is { } to && !IsNumber(to)
                ? "'to' has to be a number with its country: + and 7 to 15 digits."
                : null,
            settings.Text("mode") is "voice" && settings.Text("from") is { } from && !IsNumber(from)
                ? "'from' has to be a number with its country, to call from."
                : null
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop) =>
        http.SendAsync(Call(notification, settings), stop);

    internal ChannelCall Call(Notification notification, ChannelSettings settings)
    {
        var told = Told.Of(notification);
        var isVoice = settings.Text("mode") is "voice";
        var account = settings.Needed("account_sid");
        var from = settings.Needed("from");
        (string Name, string Value)[] form =
        [
            ("To", settings.Needed("to")),
            (from.StartsWith("MG", StringComparison.Ordinal) ? "MessagingServiceSid" : "From", from),
            isVoice ? ("Twiml", Speech(told)) : ("Body", Markup.Plain.Text(told, TextCharsMax)),
        ];
        var secrets = ChannelSecrets.Of(Fields, settings);
        var url =
            $"{settings.Root("api_url", "https://api.twilio.com")}/2010-04-01/Accounts/{account}/{(isVoice ? "Calls" : "Messages")}.json";
        return new ChannelCall(HttpMethod.Post, url, secrets)
        {
            BodyType = "application/x-www-form-urlencoded",
            Body = Encoding.UTF8.GetBytes(
                string.Join('&', form.Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"))
            ),
        }
            .With("Idempotency-Key", notification.Id)
            .WithBasic(settings.Or("api_key_sid", account), settings.Needed("auth_token"));
    }

    /// <summary>What is said, twice, since nobody hears the beginning: https://www.twilio.com/docs/voice/twiml/say.</summary>
    internal static string Speech(Told told)
    {
        var text = Markup.Plain.Text(told with { Links = [], Notes = [] }, SpeechCharsMax).Replace('\n', ' ');
        return $"<Response><Say loop=\"2\">This is Fairlead. {WebUtility.HtmlEncode(text)}</Say></Response>";
    }

    private static bool IsNumber(string text) =>
        text is ['+', .. var digits] && digits.Length is >= 7 and <= 15 && digits.All(char.IsAsciiDigit);
}
