using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>Why Compose files cannot be read.</summary>
internal static class Faults
{
    public static Problem Missing(string path) =>
        new(
            "compose.missing",
            $"There is no file {Shown.Quoted(path)}.",
            "It is missing, or a link that leads out of the app's folder.",
            "Write its path, relative to the file that names it."
        );

    public static Problem Unreadable(string path) =>
        new(
            "compose.unreadable",
            $"{Shown.Quoted(path)} cannot be read.",
            "It is larger than 1 MiB, or not text in UTF-8.",
            "Save it as UTF-8, without what does not describe the app."
        );

    public static Problem Outside(string path) =>
        new(
            "compose.outside",
            $"{Shown.Quoted(path)} leads out of the app's folder.",
            "What an app is made of stands in its folder; nothing else is read.",
            "Name the folder above both, for example: fairlead compose import docker/compose.yaml --root ."
        );

    public static Problem Syntax(string why) =>
        new(
            "compose.syntax",
            "From here on the file is not readable as YAML.",
            why,
            "Mend this line or the one before: a missing colon, quote or bracket, a tab, or an indentation that differs."
        );

    public static Problem TooLarge(string why) =>
        new("compose.too-large", "The files are too large.", why, "Take out what does not describe the app.");

    public static Problem BadValue(string key, string expects) =>
        new(
            "compose.bad-value",
            $"{Shown.Quoted(key)} cannot be read.",
            $"It takes {expects}.",
            "Write it so; docker compose config says whether Compose takes it."
        );

    public static Problem Twice(string key, Place first) =>
        new(
            "compose.twice",
            $"{Shown.Quoted(key)} is said twice.",
            $"It is already said at {first}, and only one of them can hold.",
            "Remove one of them."
        );

    public static Problem Alias(string name) =>
        new(
            "compose.alias",
            $"*{Shown.Line(name)} stands for nothing.",
            "No &anchor of this name comes before it; one does not hold itself.",
            "Write the anchor before its first use, or the value itself."
        );

    public static Problem Tag(string tag) =>
        new(
            "compose.tag",
            $"The tag {Shown.Quoted(tag)} is not known.",
            "Compose knows !reset and !override.",
            "Remove the tag, or put the text into quotes."
        );

    // The text itself is not shown: it may hold a secret.
    public static Problem Variable(string why) =>
        new(
            "compose.variable",
            "A variable here cannot be filled in.",
            why,
            "Write $$ for a dollar sign, ${NAME:-default} for a default; set a value with --variable NAME=VALUE or in .env."
        );

    public static Problem Circle(string what, string way) =>
        new(
            "compose.circle",
            $"The {what} go in a circle.",
            $"The way is: {Shown.Line(way)}.",
            "Leave out one of them."
        );

    public static Problem Unknown(string what, string name, string? near) =>
        new(
            "compose.unknown-name",
            $"There is no {what} {Shown.Quoted(name)}.",
            "The files that were read do not name it.",
            near is null ? "Name one that is there." : $"Did you mean {Shown.Quoted(near)}?"
        );

    public static Problem NoServices(string file) =>
        new(
            "compose.no-services",
            $"{Shown.Quoted(file)} has no services.",
            "Nothing in it could be deployed.",
            "Add services, or name the file that has them."
        );

    public static Problem More(int left, int max) =>
        new(
            "compose.more",
            $"{left} more are not shown.",
            $"At most {max} are shown at once.",
            "Mend these first, then run it again."
        );
}
