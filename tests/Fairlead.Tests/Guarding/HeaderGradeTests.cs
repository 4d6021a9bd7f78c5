using Fairlead.Engine.Guarding;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding;

public sealed class HeaderGradeTests
{
    [Fact]
    public void A_bare_page_over_HTTP_fails_and_is_told_why() =>
        Assert.Equal(
            """
            F 3
            30 (scheme): It is not served over HTTPS.
            25 Content-Security-Policy: Any script that gets into the page runs.
            20 X-Frame-Options: Any site may show the page in a frame and make people click in it.
            10 X-Content-Type-Options: Browsers guess what a file is, and may run what is none.
            5 Referrer-Policy: Other sites learn the whole address of the page, with what is in its query.
            5 Permissions-Policy: Frames in the page may ask for camera, microphone and place.
            2 Cross-Origin-Opener-Policy: A page that opens this one keeps a hold on it.
            """,
            Text("http://shop.example/")
        );

    [Fact]
    public void What_the_edges_strict_headers_make_is_the_best_there_is() =>
        Assert.Equal("A+ 100", Text("https://shop.example/", Of(SecurityPolicy.Strict)));

    [Fact]
    public void The_edges_standard_headers_lack_only_what_the_app_has_to_say_itself() =>
        Assert.Equal(
            """
            C 73
            25 Content-Security-Policy: Any script that gets into the page runs.
            2 Cross-Origin-Opener-Policy: A page that opens this one keeps a hold on it.
            """,
            Text("https://shop.example/", Of(SecurityPolicy.Standard))
        );

    [Theory]
    [InlineData("default-src 'self'", "")]
    [InlineData("script-src 'self' 'unsafe-inline'; object-src 'none'", "15")]
    [InlineData("script-src 'nonce-abc' 'unsafe-inline'; object-src 'none'; base-uri 'self'", "")]
    [InlineData("script-src 'nonce-abc'; object-src 'none'", "5")]
    [InlineData("script-src *; object-src 'none'", "15")]
    [InlineData("default-src https: 'unsafe-inline' 'unsafe-eval'", "15 15 5")]
    [InlineData("frame-ancestors 'none'", "15 5")]
    [InlineData("", "15 5")]
    public void A_policy_is_worth_what_it_keeps_out(string policy, string points) =>
        Assert.Equal(
            points,
            string.Join(
                ' ',
                Grade("https://shop.example/", ("Content-Security-Policy", policy))
                    .Findings.Where(one => one.Header == "Content-Security-Policy")
                    .Select(one => one.Points)
            )
        );

    [Theory]
    [InlineData("Strict-Transport-Security", "max-age=31536000; includeSubDomains", 0)]
    [InlineData("Strict-Transport-Security", "includeSubDomains; max-age=\"31536000\"", 0)]
    [InlineData("Strict-Transport-Security", "max-age=300", 10)]
    [InlineData("Strict-Transport-Security", "max-age=x", 10)]
    [InlineData("Strict-Transport-Security", "", 20)]
    [InlineData("X-Frame-Options", "deny", 0)]
    [InlineData("X-Frame-Options", "ALLOW-FROM https://a.example", 20)]
    [InlineData("Referrer-Policy", "no-referrer, strict-origin", 0)]
    [InlineData("Referrer-Policy", "unsafe-url", 10)]
    [InlineData("Server", "nginx", 0)]
    [InlineData("Server", "nginx/1.22.1", 3)]
    [InlineData("Set-Cookie", "a=b; Secure; HttpOnly; SameSite=Lax", 0)]
    [InlineData("Set-Cookie", "a=b; secure; httponly", 5)]
    public void Each_header_is_worth_what_it_says(string name, string value, int points) =>
        Assert.Equal(
            points,
            Grade("https://shop.example/", (name, value))
                .Findings.Where(one => one.Header == name)
                .Sum(one => one.Points)
        );

    private static HeaderGrade Grade(string url, params (string Name, string Value)[] headers) =>
        HeaderGrade.Of(
            new SeenAnswer(new Uri(url), 200, [.. headers.Select(one => KeyValuePair.Create(one.Name, one.Value))])
        );

    private static string Text(string url, params (string Name, string Value)[] headers)
    {
        var grade = Grade(url, headers);
        return string.Join(
            '\n',
            grade
                .Findings.Select(one => $"{one.Points} {one.Header}: {one.What}")
                .Prepend($"{grade.Grade} {grade.Points}")
        );
    }

    private static (string, string)[] Of(SecurityPolicy policy) =>
        [
            .. new (string, string?)[]
            {
                ("Content-Security-Policy", policy.ContentSecurityPolicy),
                ("Strict-Transport-Security", policy.Hsts),
                ("X-Frame-Options", policy.Frame),
                ("Referrer-Policy", policy.Referrer),
                ("Permissions-Policy", policy.Permissions),
                ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Opener-Policy", policy.Opener),
            }
                .Where(one => one.Item2 is not null)
                .Select(one => (one.Item1, one.Item2!)),
        ];
}
