using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;

namespace Fairlead.Tests.Faces;

/// <summary>When what nobody may see is read from standard input, and when it is left alone.</summary>
public sealed class ConfidencesTests
{
    [Theory]
    [InlineData(typeof(Needed), "", "typed")]
    [InlineData(typeof(Needed), "--file -", "typed")]
    [InlineData(typeof(Free), "", null)]
    [InlineData(typeof(Free), "--file -", "typed")]
    [InlineData(typeof(Instead), "", "typed")]
    [InlineData(typeof(Instead), "--from vault", null)]
    [InlineData(typeof(Together), "", null)]
    [InlineData(typeof(Together), "--person ana@example.com", "typed")]
    public void Standard_input_is_read_only_where_it_is_asked_for(Type input, string words, string? expected)
    {
        var verb = new Verb("keep", "Keep it.", input, static (_, _) => Task.FromResult(0));
        var call = CommandLine.Parse([verb], ["keep", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var terminal = new Terminal(new StringReader("typed\n"), TextWriter.Null, TextWriter.Null) { Folder = "/" };
        var read = call.Input.DeepClone().AsObject();

        Confidences.Fill(read, call, terminal);

        Assert.Equal(expected, (string?)read["value"]);
        Assert.Equal(expected is null ? "typed\n" : "", terminal.In.ReadToEnd());
    }

    public sealed record Needed
    {
        [Confidential]
        public required string Value { get; init; }
    }

    public sealed record Free
    {
        [Confidential]
        public string? Value { get; init; }
    }

    public sealed record Instead
    {
        [Confidential("from")]
        public string? Value { get; init; }

        public string? From { get; init; }
    }

    public sealed record Together
    {
        public string? Person { get; init; }

        [Confidential(with: "person")]
        public string? Value { get; init; }
    }
}
