using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// Tells browsers which pages of other origins may read the answers, and answers their questions beforehand (preflights) so that
/// the app never sees them. What the app says about it itself is replaced.
/// </summary>
/// <remarks>https://fetch.spec.whatwg.org/#http-cors-protocol</remarks>
internal sealed class CorsGuard(CorsPolicy policy) : IGuard, IDressing
{
    private const string Any = "*";
    private const string AllowOrigin = "Access-Control-Allow-Origin";
    private const string AllowCredentials = "Access-Control-Allow-Credentials";

    private static readonly string[] Answered =
    [
        AllowOrigin,
        AllowCredentials,
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
    ];

    private readonly bool isForAll = policy.Origins.Contains(Any) && !policy.Credentials;
    private readonly OriginPattern[] origins =
    [
        .. policy.Origins.Where(origin => origin != Any).Select(origin => new OriginPattern(origin)),
    ];
    private readonly string methods = string.Join(", ", policy.Methods);
    private readonly string headers = string.Join(", ", policy.Headers);
    private readonly string expose = string.Join(", ", policy.Expose);
    private readonly string maxAge = ((long)policy.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var request = trip.Http.Request;
        if (
            trip.Door is Door.Internal
            || !HttpMethods.IsOptions(request.Method)
            || request.Headers.Origin.Count == 0
            || request.Headers.AccessControlRequestMethod.Count == 0
        )
        {
            return ValueTask.FromResult(false);
        }
        var answer = trip.Http.Response;
        answer.StatusCode = StatusCodes.Status204NoContent;
        trip.Visit!.IsPreflight = true; // Set by Greeting, which comes first.
        return ValueTask.FromResult(true);
    }

    public void Dress(Visit visit)
    {
        if (visit.Trip.Door is Door.Internal)
        {
            return;
        }
        var (request, answer) = (visit.Http.Request.Headers, visit.Http.Response.Headers);
        foreach (var name in Answered)
        {
            answer.Remove(name);
        }
        if (!isForAll)
        {
            // Also where none is allowed: a cache between must not give one origin's answer to another.
            AddVary(answer, "Origin");
        }
        if (request.Origin is not [{ } origin] || !IsAllowed(origin))
        {
            return;
        }
        answer[AllowOrigin] = isForAll ? Any : origin;
        if (policy.Credentials)
        {
            answer[AllowCredentials] = "true";
        }
        if (visit.IsPreflight)
        {
            DressPreflight(request, answer);
        }
        else if (expose.Length > 0)
        {
            answer.AccessControlExposeHeaders = expose;
        }
    }

    private void DressPreflight(IHeaderDictionary request, IHeaderDictionary answer)
    {
        answer.AccessControlAllowMethods = methods;
        answer.AccessControlMaxAge = maxAge;
        if (policy.Headers.Contains(Any))
        {
            // A star does not cover Authorization, so what was asked for is said.
            answer.AccessControlAllowHeaders = request.AccessControlRequestHeaders;
            AddVary(answer, "Access-Control-Request-Headers");
        }
        else if (headers.Length > 0)
        {
            answer.AccessControlAllowHeaders = headers;
        }
    }

    private bool IsAllowed(string origin) => isForAll || Array.Exists(origins, one => one.Matches(origin));

    private static void AddVary(IHeaderDictionary answer, string name)
    {
        foreach (var value in answer.Vary)
        {
            if (value is not null && value.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }
        answer.Append("Vary", name);
    }

    /// <summary><c>https://shop.example.com</c>, or <c>https://*.example.com</c> for every name below it.</summary>
    private sealed class OriginPattern(string pattern)
    {
        private readonly string whole = pattern;
        private readonly string? scheme = pattern.Contains("//*.", StringComparison.Ordinal)
            ? pattern[..(pattern.IndexOf("//", StringComparison.Ordinal) + 2)]
            : null;
        private readonly string rest = pattern[(pattern.IndexOf('*', StringComparison.Ordinal) + 1)..];

        public bool Matches(string origin) =>
            scheme is null
                ? origin == whole
                : origin.Length > scheme.Length + rest.Length
                    && origin.StartsWith(scheme, StringComparison.Ordinal)
                    && origin.EndsWith(rest, StringComparison.Ordinal)
                    // What stands for the star is a name, and not another address that ends like ours.
                    && origin
                        .AsSpan(scheme.Length, origin.Length - scheme.Length - rest.Length)
                        .IndexOfAnyExcept(NameLetters) < 0;

        private static readonly System.Buffers.SearchValues<char> NameLetters = System.Buffers.SearchValues.Create(
            "abcdefghijklmnopqrstuvwxyz0123456789.-"
        );
    }
}
