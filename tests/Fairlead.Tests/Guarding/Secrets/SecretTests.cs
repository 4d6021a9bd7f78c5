using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Secrets;

public sealed class SecretTests
{
    private const string Value = "correct horse battery";

    private static readonly Secret Sample = new(Value);

    [Fact]
    public void A_secret_prints_as_three_stars_wherever_it_is_put_into_text()
    {
        var boxed = new Boxed("db", Sample);
        Assert.Equal(
            ["***", "***", "***", "Boxed { Name = db, Value = *** }"],
            [Sample.ToString(), $"{Sample}", string.Concat("", Sample), boxed.ToString()]
        );
    }

    [Fact]
    public void A_secret_is_never_written_as_JSON_alone_or_in_a_record()
    {
        foreach (var options in new[] { JsonSerializerOptions.Default, Records.Json, Schemas.Json })
        {
            Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(Sample, options));
            Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new Boxed("db", Sample), options));
            Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize<object>(Sample, options));
        }
    }

    [Fact]
    public void A_secret_is_read_from_JSON_and_what_is_none_is_refused_without_being_shown()
    {
        Assert.Equal(Value, JsonSerializer.Deserialize<Secret>($"\"{Value}\"")!.Reveal());
        var refused = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"hunt2\""));
        Assert.DoesNotContain("hunt2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_not_compared_by_accident()
    {
        Assert.Throws<NotSupportedException>(() => Sample.Equals(Sample));
        Assert.Throws<NotSupportedException>(() => new Boxed("db", Sample).GetHashCode());
        Assert.Throws<NotSupportedException>(() => new Boxed("db", Sample) == new Boxed("db", new(Value)));
        Assert.True(Sample.SameAs(new Secret(Value)));
        Assert.False(Sample.SameAs(new Secret("something else")));
    }

    [Theory]
    [InlineData(
        "",
        "It has 0 letters, and a secret has at least 6: shorter ones can be guessed, and cannot be hidden in logs."
    )]
    [InlineData(
        "abcde",
        "It has 5 letters, and a secret has at least 6: shorter ones can be guessed, and cannot be hidden in logs."
    )]
    [InlineData("aaaaaaaaaa", "It is the same letter again and again, which would hide innocent text in logs.")]
    [InlineData("abc\0def", "It holds a zero byte, which no variable can.")]
    [InlineData("abcdef", null)]
    public void What_cannot_be_a_secret_is_told_why(string text, string? fault) =>
        Assert.Equal(fault, Secret.FaultOf(text));

    private sealed record Boxed(string Name, Secret Value);
}
