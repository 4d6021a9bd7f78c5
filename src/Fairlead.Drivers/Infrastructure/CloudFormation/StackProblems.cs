using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>What can go wrong with stacks.</summary>
internal static class StackProblems
{
    public static Problem Refused(AwsCall call, string stack, AwsAnswer answer) =>
        new(
            "infra.failed",
            What: $"CloudFormation did not do {call} with {stack}.",
            Why: $"{answer.Code}: {answer.Message}",
            Fix: "Mend what it complains about, then plan again: fairlead infra plan"
        );

    public static Problem Unreadable(AwsCall call, string why) =>
        new(
            "infra.unreadable",
            What: $"CloudFormation's answer to {call} cannot be read.",
            Why: why,
            Fix: "See whether AWS_ENDPOINT_URL leads to AWS, or to something that speaks like it."
        );

    public static Problem Entered(Site site) =>
        new(
            "infra.busy",
            What: $"The infrastructure of {site} is being worked on.",
            Why: "One call at a time looks at it or changes it.",
            Fix: "Wait until the other one is done: fairlead infra status"
        );

    public static Problem UnderWay(StackPart part, StackState state) =>
        new(
            "infra.busy",
            What: $"The stack {part.Stack} is being worked on.",
            Why: $"It is {state.Status}: one change at a time is made to a stack.",
            Fix: $"Wait until it is done: aws cloudformation describe-stack-events --region {part.Region} --stack-name {part.Stack}"
        );

    public static Problem Stillborn(StackPart part, StackState state) =>
        new(
            "infra.stack-broken",
            What: $"The stack {part.Stack} cannot be changed any more.",
            Why: $"It is {state.Status}: making or removing it failed, and CloudFormation only lets it be deleted. {state.Reason}".Trim(),
            Fix: $"Remove it, then plan again: fairlead infra plan --with cloudformation --destroy (or: aws cloudformation delete-stack --region {part.Region} --stack-name {part.Stack})"
        );

    public static Problem HalfRolledBack(StackPart part, StackState state) =>
        new(
            "infra.stack-broken",
            What: $"The stack {part.Stack} stands between two states.",
            Why: $"It is {state.Status}: an update failed, and so did going back. {state.Reason}".Trim(),
            Fix: $"Mend what it names, then have it go on: aws cloudformation continue-update-rollback --region {part.Region} --stack-name {part.Stack}"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem NoPlan(Site site, string plan) =>
        new(
            "infra.no-plan",
            What: $"There is no plan {plan} of {site}.",
            Why: "A plan is used once, and a newer one takes its place.",
            Fix: "Make a new one: fairlead infra plan --with cloudformation"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Stale(Site site, string plan, string why) =>
        new(
            "infra.stale-plan",
            What: $"The plan {plan} of {site} is out of date.",
            Why: why,
            Fix: "Make a new one: fairlead infra plan --with cloudformation"
        );

    public static Problem Failed(StackPart part, StackState? state, IReadOnlyList<StackEvent> causes) =>
        new(
            "infra.failed",
            What: $"The stack {part.Stack} ended as {state?.Status ?? "nothing"}.",
            Why: causes.Count > 0
                ? string.Join("; ", causes)
                : $"CloudFormation names no resource that failed. {state?.Reason}".Trim(),
            Fix: state?.Status is "UPDATE_ROLLBACK_FAILED"
                ? $"Mend what it names, then: aws cloudformation continue-update-rollback --region {part.Region} --stack-name {part.Stack}"
                : "Mend what failed, then plan again: an update that failed was taken back, and a stack that never came to be is removed with --destroy."
        );

    public static Problem TimedOut(StackPart part, string what, TimeSpan limit) =>
        new(
            "infra.timed-out",
            What: $"{what} of the stack {part.Stack} did not end.",
            Why: string.Create(CultureInfo.InvariantCulture, $"It took longer than {limit.TotalMinutes:0} minutes."),
            Fix: $"It goes on at AWS; see how far it is: aws cloudformation describe-stack-events --region {part.Region} --stack-name {part.Stack}"
        );

    public static Problem NotSaid(StackPart part, IReadOnlyList<string> names) =>
        new(
            "infra.parameter-missing",
            What: $"The stack {part.Stack} cannot be planned.",
            Why: $"Nothing says {string.Join(", ", names)}, and the template has no usual value.",
            Fix: $"Begin the stack with AWS's own tool once, which the next plans go on from: aws cloudformation deploy --parameter-overrides {names[0]}=..."
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem NoDrift(StackPart part, string why) =>
        new(
            "infra.drift-unknown",
            What: $"Nobody can say whether the stack {part.Stack} was changed by others.",
            Why: $"What answers as CloudFormation does not compare: {why}",
            Fix: "Ask AWS itself; simulators often cannot."
        );

    public static Problem NoImport(Site site, string address) =>
        new(
            "infra.cannot-import",
            What: $"{address} of {site} cannot be taken over by Fairlead.",
            Why: "CloudFormation takes over by a change set of its own kind, with a template that has nothing else that is new and keeps what it takes.",
            Fix: $"Use AWS's tool, then plan as usual: aws cloudformation create-change-set --change-set-type IMPORT --stack-name {site.App}-{site.Environment} ..."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem TooLong(Site site, int bytes, int bytesMax) =>
        new(
            "infra.template-too-long",
            What: $"The template of {site} is too long.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It has {bytes} bytes as JSON without spaces, and CloudFormation takes {bytesMax} in a request."
            ),
            Fix: "Use AWS's tool with a bucket (aws cloudformation deploy --s3-bucket ...), Terraform, or split the app."
        );

    public static Problem WrongConfiguration(string file, string why) =>
        new(
            "infra.wrong-configuration",
            What: $"{file} cannot be read.",
            Why: why,
            Fix: "Write it anew: fairlead infra plan --with cloudformation"
        );
}
