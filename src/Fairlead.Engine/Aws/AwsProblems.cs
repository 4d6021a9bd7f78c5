using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>What can go wrong at AWS, in words.</summary>
internal static class AwsProblems
{
    public static Problem Refused(AwsCall call, AwsAnswer answer, string of) =>
        new(
            "aws.refused",
            What: $"AWS did not do {call} for {of}.",
            Why: $"It answered {answer.Status} {answer.Code}: {answer.Message}",
            Fix: "Correct what it names in fairlead.yaml, or at AWS, and deploy again."
        );

    public static Problem Strange(AwsCall call, string why) =>
        new(
            "aws.strange-answer",
            What: $"What AWS says to {call} cannot be understood.",
            Why: why,
            Fix: "See that AWS_ENDPOINT_URL, where it is set, names something that speaks AWS's protocol."
        );

    public static Problem NotOurs(string name, string why) =>
        new(
            "aws.not-ours",
            What: $"{name} at AWS does not belong to this app.",
            Why: $"{why} What belongs to others is not changed.",
            Fix: "Remove or rename it, say another name in fairlead.yaml, or, if it is yours and may be taken over, correct its tags."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Overtaken(string name) =>
        new(
            "aws.overtaken",
            What: $"{name} was changed by somebody else at the same moment.",
            Why: "Its version is another one than the one that was looked at.",
            Fix: "Nothing: it is looked at again and tried again."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem TooSlow(string name, TimeSpan limit, string state) =>
        new(
            "aws.too-slow",
            What: $"{name} was not ready after {limit.Text}.",
            Why: $"AWS says: {state}",
            Fix: "See what AWS says of it; if it only needs longer, say so: health: { startGrace: 10m }"
        );

    public static Problem NotWell(InstanceKey key, string why) =>
        new(
            "aws.not-well",
            What: $"{Name(key)} does not run at AWS.",
            Why: why,
            Fix: $"See what it wrote, mend it and deploy again: fairlead logs {key.Site.App} --env {key.Site.Environment} --service {key.Part.Service}"
        );

    public static Problem NoArtifact(Service service, string artifact) =>
        new(
            "aws.no-artifact",
            What: $"There is nothing to run of {service.Name}.",
            Why: $"Its artifact {artifact[..Math.Min(12, artifact.Length)]} is not here, or a file of it cannot be read.",
            Fix: "Deploy again, which builds it anew. A file has 32 MiB at most."
        );

    public static Problem TooLarge(Service service, long bytes, long most) =>
        new(
            "aws.too-large",
            What: $"{service.Name} is too large for a function.",
            Why: $"Zipped it has {bytes >> 20} MiB, and Lambda takes {most >> 20} MiB.",
            Fix: "Leave out what it does not need, or make an image of it: container: { image: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG }"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NotThere(string name, string fix) =>
        new("aws.not-there", What: $"There is no {name} at AWS.", Why: "Fairlead uses it and does not make it.", fix);

    public static Problem RulesFull(string listener) =>
        new(
            "aws.rules-full",
            What: $"The listener {listener} has no free place for a rule.",
            Why: "All priorities that such a rule can have, from 1000 to 9999 for a part and 100 for each length of path, are taken.",
            Fix: "Remove rules that nobody needs, or let another load balancer lead to this service: aws elbv2 describe-rules"
        );

    public static string Name(InstanceKey key) => $"{key.Part} of {key.Site}";
}
