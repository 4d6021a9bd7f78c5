namespace Fairlead.Engine.Manifests.Reading;

/// <summary>What is said about a text that is YAML, but not of the kind a manifest is.</summary>
internal static class Words
{
    public static readonly (string What, string Why, string Fix) Empty = (
        $"{ManifestFile.Name} is empty.",
        "It must at least name the app.",
        "Write: app: my-app"
    );

    public static readonly (string What, string Why, string Fix) SeveralDocuments = (
        $"{ManifestFile.Name} holds more than one document.",
        "A line with '---' begins another one; one app has one manifest.",
        "Remove the line '---' and what follows it, or give the other app a folder of its own."
    );

    public static readonly (string What, string Why, string Fix) KeyIsNoWord = (
        "A key is not a word.",
        "A list or a group of keys stands where a key is expected.",
        "Write the key as a word, followed by a colon."
    );

    public static (string What, string Why, string Fix) TooLarge(int letters, int lettersMax) =>
        (
            $"{ManifestFile.Name} is too large.",
            $"It has {letters} characters; {lettersMax} are read at most.",
            "Remove what does not describe the app."
        );

    public static (string What, string Why, string Fix) TooMany(int nodesMax) =>
        (
            $"{ManifestFile.Name} is too large.",
            $"It holds more than {nodesMax} keys and values.",
            "Remove what does not describe the app."
        );

    public static (string What, string Why, string Fix) TooDeep(int depthMax) =>
        (
            $"{ManifestFile.Name} goes too deep.",
            $"Values are nested in more than {depthMax} levels; a manifest needs six.",
            "Remove the brackets or indentation that are too many."
        );

    public static (string What, string Why, string Fix) ZeroByte(string path) =>
        (
            $"{Shown.Name(path)} holds a zero byte.",
            "No program can be given one in a command or an environment variable.",
            "Remove it."
        );

    public static (string What, string Why, string Fix) Duplicate(string path, Spot first) =>
        (
            $"{Shown.Name(path)} is said twice.",
            $"It is already said in line {first.Line}, and only one of them can hold.",
            $"Remove this one or the one in line {first.Line}."
        );

    public static (string What, string Why, string Fix) Alias(string path) =>
        (
            $"{Shown.Name(path)} uses an anchor or alias.",
            "Manifests are read as they stand: no '&name', no '*name'. (A text that begins with & or * needs quotes.)",
            "Write the value out, or put the text into quotes."
        );

    public static (string What, string Why, string Fix) UnknownAlias(string path, string name) =>
        (
            $"{Shown.Name(path)} is *{Shown.Line(name)}, which stands for nothing.",
            "No &anchor of this name comes before it; one does not hold itself.",
            "Write the anchor before its first use, or the value itself."
        );

    public static (string What, string Why, string Fix) Tag(string path) =>
        (
            $"{Shown.Name(path)} has a tag.",
            "What a value is follows from its key; tags such as '!!str' are not read.",
            "Remove the tag, or put the text into quotes when it begins with '!'."
        );
}
