using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What is said about things that did not come along as they are. No value of a variable is ever in them.</summary>
internal static class Reports
{
    public static Problem Image(string service, string image) =>
        new(
            "compose.image",
            $"The service '{service}' is a ready image, {Shown.Line(image)}, and did not come along.",
            "Only services that Compose builds are taken over.",
            $"Write it by hand: {{ kind: worker, port: ..., container: {{ image: {Shown.Line(image)} }} }}. Or keep it running with Compose: docker compose up -d {service}"
        );

    public static Problem Store(string service, (string Kind, int Port) store) =>
        new(
            "compose.store",
            $"'{service}' is {store.Kind}, which Fairlead does not run: it did not come along.",
            "It keeps data, so it is not replaced with each release.",
            $"Keep it running: docker compose up -d {service}. Publish its port where services reach it (ports: [\"172.17.0.1:{store.Port}:{store.Port}\"] for containers, 127.0.0.1 for target 'local'), and put that address into their variables in place of '{service}'."
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

    public static Problem Host(string service, string variable, (string Host, bool IsTaken) named) =>
        new(
            "compose.host",
            $"{variable} of '{service}' names the host '{named.Host}', which is a name of Compose's network alone.",
            named.IsTaken
                ? "Services of Fairlead reach each other through the edge."
                : $"'{named.Host}' is not a service of this manifest.",
            named.IsTaken
                ? $"Let the program read {named.Host.ToUpperInvariant().Replace('-', '_')}_URL, which 'uses: [{named.Host.ToLowerInvariant().Replace('_', '-')}]' gives it, and remove {variable}."
                : $"Put the address into {variable} under which it is reached from this machine."
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

    public static Problem Manifest(Problem found) =>
        new("compose.manifest", $"The manifest is not complete: {found.What}", found.Why, found.Fix)
        {
            Where = found.Where,
            Trouble = Trouble.WrongUse,
        };
}
