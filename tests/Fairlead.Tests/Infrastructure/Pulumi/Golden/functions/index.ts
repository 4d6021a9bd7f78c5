import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// Stands before the name of everything
const name = config.get("name") ?? "hooks-production";

const region = aws.getRegionOutput();

const callerIdentity = aws.getCallerIdentityOutput();

const partition = aws.getPartitionOutput();

const helloLog = new aws.cloudwatch.LogGroup("hello-log", {
  name: pulumi.interpolate`/fairlead/${name}/hello-log`,
  retentionInDays: 30,
});

const helloIdentity = new aws.iam.Role("hello-identity", {
  name: pulumi.interpolate`${name}-hello-identity`,
  description: "hello-identity of hooks in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "lambda.amazonaws.com",
        },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});

const helloIdentityWork = new aws.iam.RolePolicy("hello-identity-work", {
  name: "work",
  role: helloIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${helloLog.arn}:*`,
      },
    ],
  }),
});

// What functions begin with. Nothing else is in it.
const helloCode = new aws.s3.BucketV2("hello-code", {
  bucketPrefix: pulumi.interpolate`${pulumi.interpolate`${name}-code`}-`,
  forceDestroy: true,
});

const helloCodeShut = new aws.s3.BucketPublicAccessBlock("hello-code-shut", {
  bucket: helloCode.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

// A ZIP with index.py, which says that nothing was deployed yet.
const helloFirstCode = new aws.s3.BucketObjectv2("hello-first-code", {
  bucket: helloCode.id,
  key: "hello/first.zip",
  contentBase64: "UEsDBBQAAAAAAAAAIQC/GUZxWAAAAFgAAAAIAAAAaW5kZXgucHlkZWYgaGFuZGxlcihldmVudCwgY29udGV4dCk6CiAgICByZXR1cm4geydzdGF0dXNDb2RlJzogNTAzLCAnYm9keSc6ICdub3QgZGVwbG95ZWQgeWV0J30KUEsBAhQDFAAAAAAAAAAhAL8ZRnFYAAAAWAAAAAgAAAAAAAAAAAAAAKSBAAAAAGluZGV4LnB5UEsFBgAAAAABAAEANgAAAH4AAAAAAA==",
  contentType: "application/zip",
});

// Begins with code that only says that there is none yet; later code is brought by deploys.
const hello = new aws.lambda.Function("hello", {
  name: pulumi.interpolate`${name}-hello`,
  role: helloIdentity.arn,
  runtime: "python3.13",
  handler: "index.handler",
  memorySize: 512,
  timeout: 10,
  s3Bucket: helloFirstCode.bucket,
  s3Key: helloFirstCode.key,
  publish: true,
  loggingConfig: {
    logFormat: "JSON",
    logGroup: helloLog.name,
  },
}, { ignoreChanges: ["s3Bucket", "s3Key", "imageUri"] });

// Deploys lead it to other versions.
const helloLive = new aws.lambda.Alias("hello-live", {
  name: "live",
  functionName: hello.name,
  functionVersion: hello.version,
}, { ignoreChanges: ["functionVersion", "routingConfig"] });

// Everybody may call it: the provider adds a permission that says so.
const helloUrl = new aws.lambda.FunctionUrl("hello-url", {
  functionName: hello.name,
  qualifier: helloLive.name,
  authorizationType: "NONE",
});

const reportLog = new aws.cloudwatch.LogGroup("report-log", {
  name: pulumi.interpolate`/fairlead/${name}/report-log`,
  retentionInDays: 30,
});

// Only the place: its value is put there apart from all code, and no state has it.
const mailKeySecret = new aws.secretsmanager.Secret("mail-key-secret", {
  name: pulumi.interpolate`${name}/MAIL_KEY`,
  description: "MAIL_KEY of hooks in production",
});

const reportIdentity = new aws.iam.Role("report-identity", {
  name: pulumi.interpolate`${name}-report-identity`,
  description: "report-identity of hooks in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "lambda.amazonaws.com",
        },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});

const reportIdentityWork = new aws.iam.RolePolicy("report-identity-work", {
  name: "work",
  role: reportIdentity.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${reportLog.arn}:*`,
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: mailKeySecret.arn,
      },
    ],
  }),
});

// A ZIP with README.txt, which says that nothing was deployed yet.
const reportFirstCode = new aws.s3.BucketObjectv2("report-first-code", {
  bucket: helloCode.id,
  key: "report/first.zip",
  contentBase64: "UEsDBBQAAAAAAAAAIQD/DBUTGgAAABoAAAAKAAAAUkVBRE1FLnR4dE5vdGhpbmcgd2FzIGRlcGxveWVkIHlldC4KUEsBAhQDFAAAAAAAAAAhAP8MFRMaAAAAGgAAAAoAAAAAAAAAAAAAAKSBAAAAAFJFQURNRS50eHRQSwUGAAAAAAEAAQA4AAAAQgAAAAAA",
  contentType: "application/zip",
});

// Begins with code that only says that there is none yet; later code is brought by deploys.
const report = new aws.lambda.Function("report", {
  name: pulumi.interpolate`${name}-report`,
  role: reportIdentity.arn,
  runtime: "java21",
  handler: "com.example.Report",
  memorySize: 2048,
  timeout: 30,
  s3Bucket: reportFirstCode.bucket,
  s3Key: reportFirstCode.key,
  publish: true,
  environment: {
    variables: {
      MAIL_KEY_ARN: mailKeySecret.arn,
    },
  },
  snapStart: {
    applyOn: "PublishedVersions",
  },
  loggingConfig: {
    logFormat: "JSON",
    logGroup: reportLog.name,
  },
}, { ignoreChanges: ["s3Bucket", "s3Key", "imageUri"] });

// Deploys lead it to other versions.
const reportLive = new aws.lambda.Alias("report-live", {
  name: "live",
  functionName: report.name,
  functionVersion: report.version,
}, { ignoreChanges: ["functionVersion", "routingConfig"] });

// Function hello
export const helloFunction = hello.name;
// Address of hello
export const helloUrl2 = helloUrl.functionUrl;
// Where the value of MAIL_KEY is put
export const mailKeySecretArn = mailKeySecret.arn;
// Function report
export const reportFunction = report.name;
