using Fairlead.Engine.Watching;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry;

/// <summary>Who sent telemetry is proven by a key, and stamped on what came.</summary>
public sealed class SourceTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Part Api = new("api", 42);
    private static readonly SourceKeys Keys = new([
        .. Enumerable.Range(0, SourceKeys.SecretBytes).Select(i => (byte)i),
    ]);

    public static TheoryData<Source> Sources { get; } =
        new(
            Source.Outside,
            new Source(Shop),
            new Source(Shop, "api"),
            new Source(Shop, "api", Api),
            Source.Of(new(Shop, Api, 3))
        );

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_key_says_who_holds_it(Source source)
    {
        var key = Keys.For(source);

        Assert.Matches("^[0-9a-z]+$", key);
        Assert.Equal(source, Keys.TryRead(key));
        Assert.Equal(source.Stamp, Keys.TryRead(key)!.Stamp);
    }

    [Fact]
    public void A_key_that_was_changed_anywhere_is_nobodys()
    {
        var key = Keys.For(Source.Of(new(Shop, Api, 0)));

        Assert.All(
            Enumerable.Range(0, key.Length),
            at => Assert.Null(Keys.TryRead(key[..at] + (key[at] == '7' ? '8' : '7') + key[(at + 1)..]))
        );
        Assert.All(Enumerable.Range(0, key.Length), length => Assert.Null(Keys.TryRead(key[..length])));
        Assert.Null(Keys.TryRead(key + "00"));
        Assert.Null(Keys.TryRead(new string('f', 100_000)));
    }

    [Fact]
    public void A_key_of_another_Fairlead_is_nobodys() =>
        Assert.Null(Keys.TryRead(new SourceKeys(new byte[SourceKeys.SecretBytes]).For(new(Shop))));

    [Fact]
    public void The_stamp_wins_over_what_the_sender_says_and_keeps_it_beside()
    {
        var labels = Labels.Of([new("__name__", "up"), new("app", "evil"), new("release", "42"), new("path", "/")]);

        Assert.Equal(
            "up{app=\"shop\", environment=\"production\", exported_app=\"evil\", path=\"/\", release=\"42\", replica=\"3\", service=\"api\"}",
            Source.Of(new(Shop, Api, 3)).On(labels).ToString()
        );
        Assert.Same(labels, Source.Outside.On(labels));
    }

    [Fact]
    public void What_Fairlead_starts_is_told_where_to_send()
    {
        var env = new Sending(new Uri("http://127.0.0.1:8077"), Keys).EnvOf(new(Shop, Api, 1));

        var key = Keys.For(Source.Of(new(Shop, Api, 1)));
        Assert.Equal(
            [
                "FAIRLEAD_KEY=" + key,
                "FAIRLEAD_RELEASE=42",
                "FAIRLEAD_URL=http://127.0.0.1:8077",
                "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:8077/otlp",
                "OTEL_EXPORTER_OTLP_HEADERS=x-fairlead-key=" + key,
                "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                "OTEL_RESOURCE_ATTRIBUTES=service.namespace=shop,service.version=42,service.instance.id=api@42#1,deployment.environment.name=production",
                "OTEL_SERVICE_NAME=api",
                "SENTRY_DSN=http://" + key + "@127.0.0.1:8077/1",
                "SENTRY_ENVIRONMENT=production",
                "SENTRY_RELEASE=shop@42",
            ],
            env.Select(one => $"{one.Key}={one.Value}").Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("POST", "/api/7/envelope/", "envelope 7")]
    [InlineData("POST", "/api/7/envelope", "envelope 7")]
    [InlineData("POST", "/api/1/item/", "item ")]
    [InlineData("POST", "/api//envelope/", null)]
    [InlineData("GET", "/api/7/envelope/", null)]
    [InlineData("POST", "/api/7", null)]
    [InlineData("POST", "/", null)]
    public void A_path_that_is_said_wins_over_one_that_stands_for_any(string method, string path, string? found)
    {
        var routes = new IntakeRoutes([
            new Named("any", "POST /api/{project}/{kind}/"),
            new Named("envelope", "POST /api/{project}/envelope/"),
            new Named("item", "POST /api/1/item/"),
        ]);

        var intake = routes.Find(method, path, out var values);

        Assert.Equal(found, intake is Named named ? $"{named.Name} {values.GetValueOrDefault("project")}" : null);
    }

    [Fact]
    public void Two_intakes_for_one_path_are_found_at_the_start() =>
        Assert.Throws<ArgumentException>(() =>
            new IntakeRoutes([new Named("a", "POST /x"), new Named("b", "POST /x/")])
        );

    private sealed record Named(string Name, string Route) : IIntake
    {
        public IReadOnlyList<string> Routes => [Route];

        public Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop) =>
            throw new NotSupportedException();
    }
}
