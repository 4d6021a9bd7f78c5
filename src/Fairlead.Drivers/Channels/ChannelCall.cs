using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Drivers.Channels;

/// <summary>One request that a channel makes: pure, so that all of it can be looked at before it is sent.</summary>
/// <param name="Secrets">What must not be told of it.</param>
internal sealed record ChannelCall(HttpMethod Method, string Url, ChannelSecrets Secrets)
{
    // Nothing of it stands in a page, and a text in any script should not take six bytes for each letter.
    private static readonly JsonSerializerOptions Plainly = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Null for none.</summary>
    public byte[]? Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The answer says something that is needed; else nobody reads it once it says that all is well.</summary>
    public int AnswerBytesMax { get; init; }

    /// <summary>How long to wait, for services that say it in a refusal's body; null when it says nothing.</summary>
    public Func<JsonNode?, TimeSpan?>? After { get; init; }

    /// <param name="id">Of the notification: whoever knows the header takes it once.</param>
    public static ChannelCall Post(string url, JsonObject body, ChannelSecrets secrets, string id) =>
        new ChannelCall(HttpMethod.Post, url, secrets) { Body = BytesOf(body) }.With("Idempotency-Key", id);

    public static byte[] BytesOf(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString(Plainly));

    public ChannelCall With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    public ChannelCall WithBearer(string? token) => token is null ? this : With("Authorization", $"Bearer {token}");

    public ChannelCall WithBasic(string? user, string? password)
    {
        if (user is null)
        {
            return this;
        }
        var both = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return With("Authorization", $"Basic {both}") with { Secrets = Secrets.And(both) };
    }

    public HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(Method, new Uri(Url));
        request.Headers.TryAddWithoutValidation("User-Agent", "fairlead");
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(BodyType);
        }
        return request;
    }
}
