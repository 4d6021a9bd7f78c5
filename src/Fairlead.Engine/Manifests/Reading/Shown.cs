namespace Fairlead.Engine.Manifests.Reading;

/// <summary>Text of a file as a message may hold it: short, on one line, without control characters.</summary>
internal static class Shown
{
    private const int LettersMax = 80;

    public static string Quoted(string text) => $"'{Line(text)}'";

    public static string Line(string text)
    {
        var clean = string.Concat(
            text.Take(LettersMax).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)
        );
        return text.Length > LettersMax ? clean + "..." : clean;
    }

    /// <summary>Somebody else's message as a sentence of ours.</summary>
    public static string Sentence(string text) =>
        Line(text).TrimEnd('.') is [var first, .. var rest]
            ? $"{char.ToUpperInvariant(first)}{rest}."
            : "The text ends too early.";

    /// <summary>What a path of the file is called in a sentence.</summary>
    public static string Name(string path) => path.Length == 0 ? ManifestFile.Name : Line(path);
}
