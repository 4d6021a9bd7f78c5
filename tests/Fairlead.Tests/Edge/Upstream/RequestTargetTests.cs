using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Tests.Edge.Upstream;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%20b/%2F?q=../x&y=%2e%2e", "/a%20b/%2F?q=../x&y=%2e%2e")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b?c", "/b?c")]
    [InlineData("/a/%2E%2e/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/../../etc/passwd", "/etc/passwd")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/..", "/")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("http://shop.example/a/../b?c", "/b?c")]
    [InlineData("http://shop.example?c", "/?c")]
    [InlineData("http://shop.example", "/")]
    [InlineData("*", "*")]
    public void The_app_is_asked_for_the_path_that_was_routed(string raw, string target) =>
        Assert.Equal(target, RequestTarget.Of(raw));

    [Theory]
    [InlineData("/shop.production.api/orders?x=1", "/orders?x=1")]
    [InlineData("/shop.production.api?x=/1", "/?x=/1")]
    [InlineData("/shop.production.api", "/")]
    [InlineData("/shop.production.api/", "/")]
    public void The_name_of_a_service_is_taken_from_the_front(string target, string rest) =>
        Assert.Equal(rest, RequestTarget.WithoutFirst(target));

    [Fact]
    public void No_dot_segment_survives_in_any_encoding()
    {
        string[] pieces = ["/", ".", "..", "%2e", "%2E", "a", "%2f", "?", ".a", "%"];
        var random = new Random(20_261_125);
        for (var run = 0; run < 20_000; run++)
        {
            var raw =
                "/"
                + string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => pieces[random.Next(pieces.Length)]));
            var target = RequestTarget.Of(raw);
            var path = target.Split('?')[0];
            Assert.StartsWith("/", path, StringComparison.Ordinal);
            Assert.DoesNotContain(
                path.Split('/'),
                segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or ".."
            );
            Assert.Equal(target, RequestTarget.Of(target));
        }
    }
}
