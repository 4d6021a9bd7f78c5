using System.Globalization;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>What can go wrong with registries, said so that somebody can act on it.</summary>
internal static class RegistryProblems
{
    /// <param name="login">As whom it was asked; null for a stranger.</param>
    /// <param name="said">What the registry said, cleaned.</param>
    public static Problem Of(int status, Asked asked, RegistryLogin? login, string said) =>
        status switch
        {
            401 => Login(asked, login, said),
            403 => Forbidden(asked, login, said),
            404 => NotFound(asked, login, said),
            405 => NotDone(asked, said),
            429 => Limited(asked, login, said),
            507 => NoRoom(asked, said),
            _ when said.Contains("no space", StringComparison.OrdinalIgnoreCase) => NoRoom(asked, said),
            _ => new(
                "registry.refused",
                What: $"{asked.Host} did not {asked.What}.",
                Why: $"It answered {status}: {said}",
                Fix: status >= 500
                    ? "It is the registry's own trouble: see its log, and try again later."
                    : $"See what the registry says of {asked.Repository}; its log knows more."
            ),
        };

    public static Problem Unreachable(Asked asked, string why) =>
        new(
            "registry.unreachable",
            What: $"{asked.Host} did not {asked.What}: it does not answer.",
            Why: why,
            Fix: $"Check that it runs and that this machine reaches it: curl -v {asked.Root}. What was sent or fetched so far is not lost: try again."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Waits(Asked asked, TimeSpan pause, DateTimeOffset now) =>
        new(
            "registry.limited",
            What: $"{asked.Host} did not {asked.What}: it takes no more requests for now.",
            Why: $"It asks to wait {pause.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s, which is longer than Fairlead waits.",
            Fix: "Try again then. A login, or a registry of your own that keeps copies, has higher limits: docker login"
        )
        {
            Trouble = Trouble.Unreachable,
            RetryAt = now + pause,
        };

    public static Problem Answer(Asked asked, string why) =>
        new(
            "registry.answer",
            What: $"{asked.Host} did not {asked.What} in a way that can be read.",
            Why: why,
            Fix: $"See that it is a registry, and not another server or a proxy's page: curl -i {asked.Root}"
        );

    public static Problem Mismatch(Asked asked, Digest wanted, Digest came) =>
        new(
            "registry.digest-mismatch",
            What: $"{asked.Host} sent something else than {wanted}: it has been refused.",
            Why: $"What came is {came}.",
            Fix: "Do not use that registry until you know who changes what it sends; then try again."
        );

    public static Problem TooLarge(Asked asked, string what, long bytes, long max) =>
        new(
            "registry.too-large",
            What: $"{asked.Image} is not taken: {what} has {bytes >> 20} MiB.",
            Why: $"At most {max >> 20} MiB are taken, so that a registry cannot fill this machine.",
            Fix: "Make the image smaller: data do not belong into layers."
        );

    public static Problem Redirect(Asked asked, string why) =>
        new(
            "registry.redirect",
            What: $"{asked.Host} did not {asked.What}: it sends us where we do not go.",
            Why: why,
            Fix: "See the registry's own setting of its address: it must be the one that clients use, with https."
        );

    public static Problem NoPlatform(Asked asked, Platform platform, IEnumerable<Platform> there) =>
        new(
            "registry.no-platform",
            What: $"{asked.Image} is not there for {platform}.",
            Why: $"It is there for {string.Join(", ", there.Select(static one => one.ToString()).Distinct())}.",
            Fix: "Choose one of these, or an image that is made for yours: fairlead image pull NAME --platform linux/amd64"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Plain(string host, string why) =>
        new(
            "registry.plain",
            What: $"{host} is not told a password.",
            Why: why,
            Fix: "Give the registry a certificate; without one a password is there for everybody on the way to read."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem Digestless(Asked asked) =>
        new(
            "registry.not-pinned",
            What: $"{asked.Image} is not asked for.",
            Why: "What is attached to an image is found by the image's digest.",
            Fix: $"Name it with its digest: {asked.Image.Name}@sha256:..."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Login(Asked asked, RegistryLogin? login, string said) =>
        new(
            "registry.login",
            What: $"{asked.Host} did not {asked.What}: it does not know who asks.",
            Why: login is null
                ? $"No login for {asked.Host} was found in docker's config, its helpers, secrets or variables; as a stranger it is refused ({said})."
                : $"The login of {login} is refused ({said}).",
            Fix: login is null || !login.From.StartsWith("ECR", StringComparison.Ordinal)
                ? $"docker login {asked.Host}, as the user that runs Fairlead"
                : "See that the server's AWS credentials are good: aws sts get-caller-identity"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Forbidden(Asked asked, RegistryLogin? login, string said) =>
        new(
            "registry.forbidden",
            What: $"{asked.Host} did not {asked.What}: it is not allowed.",
            Why: $"{(login is null ? "A stranger" : login.ToString())} may not do that with {asked.Repository} ({said}).",
            Fix: $"Give {(login is null ? "it a login that may" : login.User + " the right")}: in {asked.Host}'s settings of {asked.Repository}; or use another: docker login {asked.Host}"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    // Many registries say of what is secret that it is not there.
    private static Problem NotFound(Asked asked, RegistryLogin? login, string said) =>
        new(
            "registry.not-found",
            What: $"{asked.Image} is not there: {asked.Host} did not {asked.What}.",
            Why: $"It answered 404: {said}{(login is null ? "; a stranger is not shown what is private" : "")}",
            Fix: asked.Host.Contains(".ecr.", StringComparison.Ordinal)
                ? $"ECR makes no repository by itself: aws ecr create-repository --repository-name {asked.Repository}"
                : $"Check the name and the tag; see what tags there are: fairlead image list {asked.Image.Name}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem NotDone(Asked asked, string said) =>
        new(
            "registry.not-done",
            What: $"{asked.Host} does not {asked.What}: it never does.",
            Why: $"It answered 405: {said}",
            Fix: "For deletion, a registry of your own needs: REGISTRY_STORAGE_DELETE_ENABLED=true"
        );

    private static Problem Limited(Asked asked, RegistryLogin? login, string said) =>
        new(
            "registry.limited",
            What: $"{asked.Host} did not {asked.What}: it takes no more requests for now.",
            Why: $"It answered 429 each time: {said}{(login is null ? "; a stranger has the lowest limit" : "")}",
            Fix: $"Wait, or log in: docker login {asked.Host}; a registry of your own that keeps copies asks it less."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private static Problem NoRoom(Asked asked, string said) =>
        new(
            "registry.no-space",
            What: $"{asked.Host} did not {asked.What}: it has no room.",
            Why: $"It says: {said}",
            Fix: "Make room there: delete old tags and collect garbage (registry garbage-collect), or give it a larger disk; then push again, it goes on where it was."
        );
}

/// <summary>What was asked for, for problems.</summary>
/// <param name="What">As a verb and its object, such as <c>take a layer</c>.</param>
internal sealed record Asked(ImageReference Image, string What, Uri Root)
{
    public string Host => Image.Host;

    public string Repository => Image.Repository;
}
