using Fairlead.Faces.Http;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.SignIn;

/// <summary>
/// Tells our own pages from those of others that make a browser ask with its cookies: the browser says where the asking page
/// comes from, and only a page of ours may send a header of its own.
/// </summary>
internal static class SameOrigin
{
    public const string Header = "X-Fairlead";

    /// <exception cref="Refused">It may come from another's page.</exception>
    public static void Check(HttpRequest request) => Check(request, request.Headers.ContainsKey(Header));

    /// <summary>The same for a form of a page, which sends no header; the browser has to say where it comes from.</summary>
    /// <exception cref="Refused">It may come from another's page.</exception>
    public static void CheckForm(HttpRequest request) => Check(request, isMarked: true);

    private static void Check(HttpRequest request, bool isMarked)
    {
        if (!isMarked || !IsOwn(request))
        {
            throw new Refused(
                StatusCodes.Status403Forbidden,
                new Problem(
                    "identity.foreign-origin",
                    What: "The request was not heard.",
                    Why: "It carries a session's cookie and does not show that a page of Fairlead's own sent it.",
                    Fix: $"Programs use a token. Pages send the header {Header} from Fairlead's own address."
                )
                {
                    Trouble = Trouble.NotAllowed,
                }
            );
        }
    }

    private static bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isSaid = origin.Length > 0 || site.Length > 0;
        return isSaid
            && (origin.Length == 0 || origin.Equals(OriginOf(request), StringComparison.OrdinalIgnoreCase))
            && (site is "" or "same-origin");
    }

    /// <summary>The address under which the browser asked.</summary>
    public static string OriginOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}
