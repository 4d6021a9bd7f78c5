using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.SignIn;

/// <summary>Where whoever finds a hole can say so: RFC 9116.</summary>
internal static class SecurityText
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(30);

    /// <param name="contact">An https or mailto address; nothing can be said without one.</param>
    public static IResult Of(string? contact, DateTimeOffset now) =>
        Uri.TryCreate(contact, UriKind.Absolute, out var url) && (url.Scheme is "https" or "mailto")
            ? Results.Text(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Contact: {url.AbsoluteUri}\nExpires: {now + GoodFor:yyyy-MM-ddTHH:mm:ssZ}\nPreferred-Languages: en\n"
                )
            )
            : throw new ProblemException(
                new Problem(
                    "identity.no-contact",
                    What: "There is no security.txt.",
                    Why: "Nobody said whom to tell of a hole in this Fairlead.",
                    Fix: "Set FAIRLEAD_SECURITY_CONTACT=mailto:security@example.org for 'fairlead up'."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
}
