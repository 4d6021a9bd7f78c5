using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>What AWS calls the things that an identity may do.</summary>
internal static class AwsActions
{
    public static string[] ListFiles { get; } = ["s3:ListBucket"];

    public static string[] ReadFiles { get; } = ["s3:GetObject"];

    public static string[] WriteFiles { get; } =
    ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];

    public static string[] ReadSecret { get; } = ["secretsmanager:GetSecretValue"];

    public static string[] Send { get; } = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"];

    public static string[] Receive { get; } =
    [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
    ];

    /// <summary>A token is for the whole account: AWS knows no smaller one.</summary>
    public static string[] Token { get; } = ["ecr:GetAuthorizationToken"];

    public static string[] Pull { get; } =
    ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

    public static string[] Log { get; } = ["logs:CreateLogStream", "logs:PutLogEvents"];

    /// <summary>The part of AWS that runs something.</summary>
    public static string Principal(ActorKind actor) =>
        actor switch
        {
            ActorKind.Function => "lambda.amazonaws.com",
            ActorKind.Machines => "ec2.amazonaws.com",
            _ => "ecs-tasks.amazonaws.com",
        };
}
