using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What is said about things that did not come along as they are. No value of a variable is ever in them.</summary>
internal static class Reports
{
    public static Problem Image(string service, string image, (string Why, string Fix) words) =>
        new(
            "compose.image",
            $"The service '{service}' is a ready image, {Shown.Line(image)}, and did not come along.",
            words.Why,
            words.Fix
        );

    public static Problem Data(string service, string what, string folder) =>
        new(
            "compose.data",
            $"'{service}' is {what}, and keeps its data in no volume.",
            "Every release has a new container, which begins empty: what was written to the one before is lost.",
            $"Where it must be kept: container: {{ volumes: {{ data: {folder} }} }}"
        );

    public static Problem Profile(string service, string profiles) =>
        new(
            "compose.profile",
            $"'{service}' did not come along: it is only for the profiles {profiles}.",
            "Compose does not start it unless one of them is asked for.",
            $"Take it too: --profile {profiles.Split(' ')[0].TrimEnd(',')}"
        );

    public static Problem Name(string what, string name, string given) =>
        new(
            "compose.name",
            $"{what} '{Shown.Line(name)}' is called '{given}' in the manifest.",
            "Names there are lower-case letters, digits and dashes for services, letters, digits and underscores for variables and volumes.",
            $"Use '{given}' in commands such as fairlead logs; look for the old name in scripts."
        );

    public static Problem NotTaken(string service, string key, (string Meaning, string Fix) words) =>
        new("compose.not-taken", $"'{Shown.Line(key)}' of '{service}' did not come along.", words.Meaning, words.Fix);

    public static Problem UnknownKey(string service, string key, string? near) =>
        new(
            "compose.unknown-key",
            $"'{Shown.Line(key)}' of '{service}' is no key of Compose.",
            "It did not come along, because nobody can say what it means.",
            near is null ? "Look it up in the Compose specification, or remove it." : $"Did you mean '{near}'?"
        );

    public static Problem Changed(string service, string key, (string Now, string Fix) words) =>
        new("compose.changed", $"'{Shown.Line(key)}' of '{service}' means something else now.", words.Now, words.Fix);

    public static Problem Secret(string service, string variable, string secret) =>
        new(
            "compose.secret",
            $"{variable} of '{service}' is a secret now; its value is not in the manifest.",
            "Its name or its form tells that it is one, and what stands in a manifest is read by everybody.",
            $"Set it: fairlead secret set {secret} (it is typed without being shown). Change it where it is used, since it stood in a file."
        );

    public static Problem SecretFile(string service, string secret, string? file) =>
        new(
            "compose.secret",
            $"The secret {secret} of '{service}' has no value here yet.",
            "Secrets are set at the server, for each environment.",
            file is null
                ? $"Set it: fairlead secret set {secret}"
                : $"Set it: fairlead secret set {secret} --file {Shown.Line(file)}"
        );

    public static Problem Filled(string service, string variable, string names) =>
        new(
            "compose.filled",
            $"{variable} of '{service}' was filled in from {names}.",
            "The manifest has no variables of its own: it holds the value of now.",
            "Where environments differ, say it under environments: { NAME: { env: ... } }."
        );

    public static Problem Unset(string service, string variable) =>
        new(
            "compose.unset",
            $"{variable} of '{service}' has no value.",
            "Compose takes it from the shell that starts it; no value was given here.",
            $"Add it under env, set it as a secret, or run this again with --variable {variable}=VALUE"
        );

    public static Problem Host(string service, string variable, string host) =>
        new(
            "compose.host",
            $"{variable} of '{service}' names the host '{host}', which is a name of Compose's network alone.",
            $"'{host}' is not a service of this manifest.",
            $"Put the address into {variable} under which it is reached from this machine."
        );

    /// <summary>Of a service that is asked by the edge.</summary>
    public static Problem HostOfEdge(string service, string variable, (string Host, string Name) named) =>
        new(
            "compose.host",
            $"{variable} of '{service}' names the host '{named.Host}', which is a name of Compose's network alone.",
            "Services of Fairlead reach each other through the edge.",
            $"Let the program read {named.Name.ToUpperInvariant().Replace('-', '_')}_URL, which 'uses: [{named.Name}]' gives it, and remove {variable}."
        );

    /// <summary>Of a service that is found by its name, which is another one now.</summary>
    public static Problem HostRenamed(string service, string variable, (string Host, string Name) named) =>
        new(
            "compose.host",
            $"{variable} of '{service}' names the host '{named.Host}', which is called '{named.Name}' now.",
            "Containers of the app find each other by their names in the manifest.",
            $"Write '{named.Name}' in {variable}."
        );

    /// <summary>Of a service that is found by its name, but is not among those that are used.</summary>
    public static Problem HostUnused(string service, string variable, string host) =>
        new(
            "compose.host",
            $"{variable} of '{service}' names the host '{host}', on which it does not depend in the file.",
            "It is found by that name on target docker, but nobody waits until it is there.",
            $"Write it: uses: [{host}]"
        );

    public static Problem Kind(string service, string kind, string why) =>
        new(
            "compose.kind",
            $"'{service}' is taken for the kind '{kind}'.",
            why,
            $"Write another one where that is wrong: kind: web, api, worker or model"
        );

    public static Problem Rights(string services) =>
        new(
            "compose.rights",
            $"Containers have fewer rights than before: {Shown.Line(services)}.",
            "Compose starts them as the image's user, with Docker's usual capabilities, and lets them write everywhere. Fairlead gives none of these.",
            "Where a program needs more: container: { writable: true, user: \"1000\", capabilities: [NET_BIND_SERVICE] }"
        );

    public static Problem ImageRights(string services) =>
        new(
            "compose.rights",
            $"Ready images have fewer rights than before: {Shown.Line(services)}.",
            "Compose gives them Docker's usual capabilities, and volumes whose owner the image knows. Fairlead gives none, and a volume belongs to 'user', else to 65532.",
            "Where one does not start as root: container: { capabilities: [CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID] }; where it cannot write to its volume: container: { user: \"1000\" }, with the image's own"
        );

    public static Problem Manifest(Problem found) =>
        new("compose.manifest", $"The manifest is not complete: {found.What}", found.Why, found.Fix)
        {
            Where = found.Where,
            Trouble = Trouble.WrongUse,
        };
}
