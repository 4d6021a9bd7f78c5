using Fairlead.Roles.Edge.Upstream;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Mirroring;

/// <summary>Writes the copy of a request.</summary>
internal static class MirrorRequest
{
    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The head of the copy; null where the request is none that an app would get.</summary>
    public static HttpRequestMessage? TryMake(Trip trip, Uri endpoint)
    {
        var request = trip.Http.Request;
        if (
            !trip.Target.StartsWith('/')
            || trip.Target.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !Uri.TryCreate(endpoint.GetLeftPart(UriPartial.Authority) + trip.Target, AsItCame, out var address)
        )
        {
            return null;
        }
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (BodyFraming.Of(trip.Http) is { HasBody: true } or { Length: 0 })
        {
            copy.Content = new ByteArrayContent([]);
        }
        copy.Headers.Host = trip.Host;
        foreach (var (name, values) in RequestHead.Passing(request.Headers))
        {
            Add(copy, name, values);
        }
        Add(copy, "X-Forwarded-For", trip.ClientAddress);
        Add(copy, "X-Forwarded-Host", trip.Host);
        Add(copy, "X-Forwarded-Proto", request.Scheme);
        Add(copy, Mirror.Header, "1");
        return copy;
    }

    public static void SetBody(HttpRequestMessage copy, MemoryStream body)
    {
        var content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        foreach (var (name, values) in copy.Content?.Headers.NonValidated ?? default)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.TryAddWithoutValidation(name, values);
            }
        }
        copy.Content = content;
    }

    private static void Add(HttpRequestMessage copy, string name, StringValues values)
    {
        if (!copy.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            copy.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }
}
