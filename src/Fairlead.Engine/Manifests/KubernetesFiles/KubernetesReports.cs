using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.KubernetesFiles;

/// <summary>What is said about things that did not come along as they are. No value of a secret is ever in them.</summary>
internal static class KubernetesReports
{
    public static Problem NotTaken(string of, string key, string why, string fix) =>
        new("kubernetes.not-taken", $"'{Shown.Line(key)}' of {of} did not come along.", why, fix);

    public static Problem Changed(string of, string key, string now, string fix) =>
        new("kubernetes.changed", $"'{Shown.Line(key)}' of {of} means something else now.", now, fix);

    /// <summary>A whole object.</summary>
    public static Problem LeftOut(ClusterObject one, string why, string fix) =>
        new("kubernetes.left-out", $"{one.Shown} did not come along.", why, fix);

    public static Problem Twice(ClusterObject one, ClusterObject first) =>
        new(
            "kubernetes.twice",
            $"{one.Shown} is there twice.",
            $"It is already said at {first.Place}, and only that one came along.",
            "Where folders are variants of one app, name one of them, such as overlays/production."
        );

    public static Problem NoObject(string file) =>
        new(
            "kubernetes.no-object",
            $"{Shown.Quoted(file)} has something that is no object of Kubernetes.",
            "It has not all of apiVersion, kind and metadata.name, so it did not come along.",
            "Nothing is to be done where it is for another tool."
        );

    public static Problem Name(ClusterObject one, string given) =>
        new(
            "kubernetes.name",
            $"{one.Shown} is called '{given}' in the manifest.",
            "That is what others find it by: the name of its Service, in lower-case letters, digits and dashes.",
            $"Use '{given}' in commands such as fairlead logs."
        );

    public static Problem Kind(ClusterObject one, string kind, string why) =>
        new(
            "kubernetes.kind",
            $"{one.Shown} is taken for the kind '{kind}'.",
            why,
            "Write another one where that is wrong: kind: web, api, worker or model"
        );

    /// <param name="secret">What it is called here.</param>
    /// <param name="from">Which key of which Secret holds it; null where the value stood in the file itself.</param>
    public static Problem Secret(string service, string variable, string secret, (string Object, string Key)? from) =>
        new(
            "kubernetes.secret",
            $"{variable} of '{service}' is the secret {secret}; its value is not in the manifest.",
            from is { } held
                ? $"It is the key '{Shown.Line(held.Key)}' of the Secret '{Shown.Line(held.Object)}'."
                : "Its name or its form tells that it is one, and what stands in a manifest is read by everybody.",
            from is { } key
                ? $"Set it: kubectl get secret {Shown.Line(key.Object)} -o jsonpath='{{.data.{Shown.Line(key.Key.Replace(".", "\\.", StringComparison.Ordinal))}}}' | base64 -d > value; fairlead secret set {secret} --file value; rm value"
                : $"Set it: fairlead secret set {secret} (it is typed without being shown). Change it where it is used, since it stood in a file."
        );

    public static Problem Unset(string service, string variable, string why) =>
        new(
            "kubernetes.unset",
            $"{variable} of '{service}' has no value.",
            why,
            $"Add it to services.{service}: env, or set it as a secret."
        );

    /// <summary>Of a variable that names another service.</summary>
    public static Problem Host(string service, string variable, string before, string now) =>
        new(
            "kubernetes.host",
            $"{variable} of '{service}' says {now} where it said {Shown.Line(before)}.",
            "Services of the app find each other by their names, at the port at which the program listens (80 for what takes requests).",
            "Nothing is to be done where the program takes the address from there."
        );

    public static Problem Manifest(Problem found) =>
        new("kubernetes.manifest", $"The manifest is not complete: {found.What}", found.Why, found.Fix)
        {
            Where = found.Where,
            Trouble = Trouble.WrongUse,
        };
}
