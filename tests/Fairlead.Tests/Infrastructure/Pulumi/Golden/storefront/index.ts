import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
// Stands before the name of everything
const name = config.get("name") ?? "storefront-production";
// Image of api with its digest; while there is none, no copy of it runs
const apiImage = config.get("apiImage") ?? "";
// Image of worker with its digest; while there is none, no copy of it runs
const workerImage = config.get("workerImage") ?? "";

const region = aws.getRegionOutput();

const callerIdentity = aws.getCallerIdentityOutput();

const partition = aws.getPartitionOutput();

const network = new aws.ec2.Vpc("network", {
  cidrBlock: "10.0.0.0/16",
  enableDnsHostnames: true,
  enableDnsSupport: true,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

// Every network has this group, and lets everything in that has it: nothing may be reached by it.
const networkClosed = new aws.ec2.DefaultSecurityGroup("network-closed", {
  vpcId: network.id,
});

const networkGateway = new aws.ec2.InternetGateway("network-gateway", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-network`,
  },
});

const networkPublic = new aws.ec2.RouteTable("network-public", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-public`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      gatewayId: networkGateway.id,
    },
  ],
});

const publicAAddress = new aws.ec2.Eip("public-a-address", {
  domain: "vpc",
  tags: {
    Name: pulumi.interpolate`${name}-exit-1`,
  },
});

const availabilityZones = aws.getAvailabilityZonesOutput({
  state: "available",
});

const publicA = new aws.ec2.Subnet("public-a", {
  vpcId: network.id,
  cidrBlock: "10.0.0.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-public-a`,
  },
});

// Programs in private subnets go out here; one for all zones costs less, and goes with its zone.
const publicAExit = new aws.ec2.NatGateway("public-a-exit", {
  allocationId: publicAAddress.id,
  subnetId: publicA.id,
  tags: {
    Name: pulumi.interpolate`${name}-exit-1`,
  },
});

const networkPrivate1 = new aws.ec2.RouteTable("network-private-1", {
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-private-1`,
  },
  routes: [
    {
      cidrBlock: "0.0.0.0/0",
      natGatewayId: publicAExit.id,
    },
  ],
});

const publicARoutes = new aws.ec2.RouteTableAssociation("public-a-routes", {
  subnetId: publicA.id,
  routeTableId: networkPublic.id,
});

const publicB = new aws.ec2.Subnet("public-b", {
  vpcId: network.id,
  cidrBlock: "10.0.16.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-public-b`,
  },
});

const publicBRoutes = new aws.ec2.RouteTableAssociation("public-b-routes", {
  subnetId: publicB.id,
  routeTableId: networkPublic.id,
});

const privateA = new aws.ec2.Subnet("private-a", {
  vpcId: network.id,
  cidrBlock: "10.0.128.0/20",
  availabilityZone: availabilityZones.names[0],
  tags: {
    Name: pulumi.interpolate`${name}-private-a`,
  },
});

const privateARoutes = new aws.ec2.RouteTableAssociation("private-a-routes", {
  subnetId: privateA.id,
  routeTableId: networkPrivate1.id,
});

const privateB = new aws.ec2.Subnet("private-b", {
  vpcId: network.id,
  cidrBlock: "10.0.144.0/20",
  availabilityZone: availabilityZones.names[1],
  tags: {
    Name: pulumi.interpolate`${name}-private-b`,
  },
});

const privateBRoutes = new aws.ec2.RouteTableAssociation("private-b-routes", {
  subnetId: privateB.id,
  routeTableId: networkPrivate1.id,
});

const loadBalancerFirewall = new aws.ec2.SecurityGroup("load-balancer-firewall", {
  name: pulumi.interpolate`${name}-load-balancer-firewall`,
  description: "load-balancer-firewall of storefront in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-load-balancer-firewall`,
  },
});

const loadBalancerFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("load-balancer-firewall-in-1", {
  securityGroupId: loadBalancerFirewall.id,
  description: "visitors, who are sent to HTTPS",
  cidrIpv4: "0.0.0.0/0",
  fromPort: 80,
  toPort: 80,
  ipProtocol: "tcp",
});

const loadBalancerFirewallOut = new aws.vpc.SecurityGroupEgressRule("load-balancer-firewall-out", {
  securityGroupId: loadBalancerFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const loadBalancer = new aws.lb.LoadBalancer("load-balancer", {
  name: "storefront-production-loa-e28046",
  loadBalancerType: "application",
  subnets: [publicA.id, publicB.id],
  securityGroups: [loadBalancerFirewall.id],
  enableDeletionProtection: true,
  dropInvalidHeaderFields: true,
}, { dependsOn: [networkGateway] });

const loadBalancerApi = new aws.lb.TargetGroup("load-balancer-api", {
  namePrefix: "api-",
  vpcId: network.id,
  targetType: "ip",
  protocol: "HTTP",
  port: 8080,
  deregistrationDelay: 30,
  healthCheck: {
    path: "/healthz",
    interval: 10,
    healthyThreshold: 2,
    matcher: "200-399",
  },
});

const loadBalancerHttp = new aws.lb.Listener("load-balancer-http", {
  loadBalancerArn: loadBalancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [
    {
      type: "fixed-response",
      fixedResponse: {
        statusCode: "404",
        contentType: "text/plain",
        messageBody: "not found",
      },
    },
  ],
});

const loadBalancerApiPaths = new aws.lb.ListenerRule("load-balancer-api-paths", {
  listenerArn: loadBalancerHttp.arn,
  priority: 10,
  actions: [
    {
      type: "forward",
      targetGroupArn: loadBalancerApi.arn,
    },
  ],
  conditions: [
    {
      pathPattern: {
        values: ["/api", "/api/*"],
      },
    },
  ],
});

const webFiles = new aws.s3.BucketV2("web-files", {
  bucketPrefix: pulumi.interpolate`${pulumi.interpolate`${name}-web-files`}-`,
  forceDestroy: true,
});

const webFilesShut = new aws.s3.BucketPublicAccessBlock("web-files-shut", {
  bucket: webFiles.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

const webFilesOwner = new aws.s3.BucketOwnershipControls("web-files-owner", {
  bucket: webFiles.id,
  rule: {
    objectOwnership: "BucketOwnerEnforced",
  },
});

const webFilesEncryption = new aws.s3.BucketServerSideEncryptionConfigurationV2("web-files-encryption", {
  bucket: webFiles.id,
  rules: [
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "AES256",
      },
    },
  ],
});

const webFilesVersions = new aws.s3.BucketVersioningV2("web-files-versions", {
  bucket: webFiles.id,
  versioningConfiguration: {
    status: "Enabled",
  },
});

const webFilesLifecycle = new aws.s3.BucketLifecycleConfigurationV2("web-files-lifecycle", {
  bucket: webFiles.id,
  rules: [
    {
      id: "parts-of-uploads-that-broke-off",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: 7,
      },
    },
    {
      id: "what-was-written-over",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: {
        noncurrentDays: 30,
      },
    },
  ],
}, { dependsOn: [webFilesVersions] });

const webCdnAccess = new aws.cloudfront.OriginAccessControl("web-cdn-access", {
  name: pulumi.interpolate`${name}-web-cdn`,
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const webCdnPaths = new aws.cloudfront.Function("web-cdn-paths", {
  name: pulumi.interpolate`${name}-web-cdn`,
  comment: "Leads paths to pages",
  runtime: "cloudfront-js-2.0",
  publish: true,
  code: "function handler(event) {\n  var request = event.request;\n  // What has no ending is a path of the page, which draws it itself.\n  if (request.uri.split('/').pop().indexOf('.') === -1) {\n    request.uri = '/index.html';\n  }\n  return request;\n}\n",
});

const webCdn = new aws.cloudfront.Distribution("web-cdn", {
  enabled: true,
  comment: "web-cdn of storefront in production",
  httpVersion: "http2and3",
  isIpv6Enabled: true,
  priceClass: "PriceClass_100",
  defaultRootObject: "index.html",
  origins: [
    {
      originId: "files",
      domainName: webFiles.bucketRegionalDomainName,
      originAccessControlId: webCdnAccess.id,
    },
    {
      originId: "programs",
      domainName: loadBalancer.dnsName,
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "http-only",
        originSslProtocols: ["TLSv1.2"],
      },
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: "files",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
    functionAssociations: [
      {
        eventType: "viewer-request",
        functionArn: webCdnPaths.arn,
      },
    ],
  },
  orderedCacheBehaviors: [
    {
      pathPattern: "/api",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
    {
      pathPattern: "/api/*",
      targetOriginId: "programs",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
    },
  ],
  restrictions: {
    geoRestriction: {
      restrictionType: "none",
    },
  },
  viewerCertificate: {
    cloudfrontDefaultCertificate: true,
  },
}, { ignoreChanges: ["origins"] });

const webFilesPolicy = new aws.s3.BucketPolicy("web-files-policy", {
  bucket: webFiles.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [webFiles.arn, pulumi.interpolate`${webFiles.arn}/*`],
        Condition: {
          Bool: {
            "aws:SecureTransport": "false",
          },
        },
      },
      {
        Sid: "TheCdnReads",
        Effect: "Allow",
        Principal: {
          Service: "cloudfront.amazonaws.com",
        },
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`${webFiles.arn}/*`,
        Condition: {
          StringEquals: {
            "aws:SourceArn": webCdn.arn,
          },
        },
      },
    ],
  }),
});

// Services find each other by their names in it.
const containersNames = new aws.servicediscovery.HttpNamespace("containers-names", {
  name: name,
});

const containers = new aws.ecs.Cluster("containers", {
  name: pulumi.interpolate`${name}-containers`,
  settings: [
    {
      name: "containerInsights",
      value: "enabled",
    },
  ],
  serviceConnectDefaults: {
    namespace: containersNames.arn,
  },
});

const apiImages = new aws.ecr.Repository("api-images", {
  name: pulumi.interpolate`${name}/api-images`,
  imageTagMutability: "IMMUTABLE",
  forceDelete: true,
  imageScanningConfiguration: {
    scanOnPush: true,
  },
  encryptionConfigurations: [
    {
      encryptionType: "AES256",
    },
  ],
});

const apiImagesKeeping = new aws.ecr.LifecyclePolicy("api-images-keeping", {
  repository: apiImages.name,
  policy: pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep the newest images",
        selection: {
          tagStatus: "any",
          countType: "imageCountMoreThan",
          countNumber: 20,
        },
        action: {
          type: "expire",
        },
      },
    ],
  }),
});

const apiLog = new aws.cloudwatch.LogGroup("api-log", {
  name: pulumi.interpolate`/fairlead/${name}/api-log`,
  retentionInDays: 30,
});

const apiStarter = new aws.iam.Role("api-starter", {
  name: pulumi.interpolate`${name}-api-starter`,
  description: "api-starter of storefront in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const apiStarterWork = new aws.iam.RolePolicy("api-starter-work", {
  name: "work",
  role: apiStarter.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: apiImages.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${apiLog.arn}:*`,
      },
    ],
  }),
});

const apiIdentity = new aws.iam.Role("api-identity", {
  name: pulumi.interpolate`${name}-api-identity`,
  description: "api-identity of storefront in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const programsFirewall = new aws.ec2.SecurityGroup("programs-firewall", {
  name: pulumi.interpolate`${name}-programs-firewall`,
  description: "programs-firewall of storefront in production",
  vpcId: network.id,
  tags: {
    Name: pulumi.interpolate`${name}-programs-firewall`,
  },
});

const programsFirewallIn1 = new aws.vpc.SecurityGroupIngressRule("programs-firewall-in-1", {
  securityGroupId: programsFirewall.id,
  description: "the load balancer",
  referencedSecurityGroupId: loadBalancerFirewall.id,
  fromPort: 8080,
  toPort: 8080,
  ipProtocol: "tcp",
});

const programsFirewallIn2 = new aws.vpc.SecurityGroupIngressRule("programs-firewall-in-2", {
  securityGroupId: programsFirewall.id,
  description: "programs that use each other",
  referencedSecurityGroupId: programsFirewall.id,
  fromPort: 8080,
  toPort: 8080,
  ipProtocol: "tcp",
});

const programsFirewallOut = new aws.vpc.SecurityGroupEgressRule("programs-firewall-out", {
  securityGroupId: programsFirewall.id,
  description: "whatever it calls",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "-1",
});

const apiTask = new aws.ecs.TaskDefinition("api-task", {
  family: pulumi.interpolate`${name}-api`,
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: apiStarter.arn,
  taskRoleArn: apiIdentity.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "api",
      image: apiImage === "" ? "public.ecr.aws/docker/library/busybox:1.37" : apiImage,
      essential: true,
      portMappings: [
        {
          name: "http",
          containerPort: 8080,
          protocol: "tcp",
          appProtocol: "http",
        },
      ],
      environment: [
        {
          name: "PORT",
          value: "8080",
        },
      ],
      linuxParameters: {
        initProcessEnabled: true,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": apiLog.name,
          "awslogs-region": region.name,
          "awslogs-stream-prefix": "api",
        },
      },
    },
  ]),
});

const api = new aws.ecs.Service("api", {
  name: "api",
  cluster: containers.arn,
  taskDefinition: apiTask.arn,
  launchType: "FARGATE",
  desiredCount: apiImage === "" ? 0 : 2,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  healthCheckGracePeriodSeconds: 60,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
  },
  networkConfiguration: {
    subnets: [privateA.id, privateB.id],
    securityGroups: [programsFirewall.id],
    assignPublicIp: false,
  },
  loadBalancers: [
    {
      targetGroupArn: loadBalancerApi.arn,
      containerName: "api",
      containerPort: 8080,
    },
  ],
  serviceConnectConfiguration: {
    enabled: true,
    namespace: containersNames.arn,
    services: [
      {
        portName: "http",
        discoveryName: "api",
        clientAlias: [
          {
            dnsName: "api",
            port: 80,
          },
        ],
      },
    ],
  },
}, { dependsOn: [loadBalancerApiPaths], ignoreChanges: ["taskDefinition", "desiredCount"] });

const workerImages = new aws.ecr.Repository("worker-images", {
  name: pulumi.interpolate`${name}/worker-images`,
  imageTagMutability: "IMMUTABLE",
  forceDelete: true,
  imageScanningConfiguration: {
    scanOnPush: true,
  },
  encryptionConfigurations: [
    {
      encryptionType: "AES256",
    },
  ],
});

const workerImagesKeeping = new aws.ecr.LifecyclePolicy("worker-images-keeping", {
  repository: workerImages.name,
  policy: pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep the newest images",
        selection: {
          tagStatus: "any",
          countType: "imageCountMoreThan",
          countNumber: 20,
        },
        action: {
          type: "expire",
        },
      },
    ],
  }),
});

const workerLog = new aws.cloudwatch.LogGroup("worker-log", {
  name: pulumi.interpolate`/fairlead/${name}/worker-log`,
  retentionInDays: 30,
});

const workerStarter = new aws.iam.Role("worker-starter", {
  name: pulumi.interpolate`${name}-worker-starter`,
  description: "worker-starter of storefront in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const workerStarterWork = new aws.iam.RolePolicy("worker-starter-work", {
  name: "work",
  role: workerStarter.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecr:GetAuthorizationToken"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: workerImages.arn,
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${workerLog.arn}:*`,
      },
    ],
  }),
});

const workerIdentity = new aws.iam.Role("worker-identity", {
  name: pulumi.interpolate`${name}-worker-identity`,
  description: "worker-identity of storefront in production",
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Service: "ecs-tasks.amazonaws.com",
        },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": callerIdentity.accountId,
          },
        },
      },
    ],
  }),
});

const workerTask = new aws.ecs.TaskDefinition("worker-task", {
  family: pulumi.interpolate`${name}-worker`,
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: workerStarter.arn,
  taskRoleArn: workerIdentity.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "worker",
      image: workerImage === "" ? "public.ecr.aws/docker/library/busybox:1.37" : workerImage,
      essential: true,
      environment: [
        {
          name: "API_URL",
          value: "http://api",
        },
      ],
      linuxParameters: {
        initProcessEnabled: true,
      },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": workerLog.name,
          "awslogs-region": region.name,
          "awslogs-stream-prefix": "worker",
        },
      },
    },
  ]),
});

const worker = new aws.ecs.Service("worker", {
  name: "worker",
  cluster: containers.arn,
  taskDefinition: workerTask.arn,
  launchType: "FARGATE",
  desiredCount: workerImage === "" ? 0 : 1,
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
  },
  networkConfiguration: {
    subnets: [privateA.id, privateB.id],
    securityGroups: [programsFirewall.id],
    assignPublicIp: false,
  },
  serviceConnectConfiguration: {
    enabled: true,
    namespace: containersNames.arn,
  },
}, { ignoreChanges: ["taskDefinition", "desiredCount"] });

// Costs nothing, and keeps images and files from going out and in again.
const networkToS3 = new aws.ec2.VpcEndpoint("network-to-s3", {
  vpcId: network.id,
  vpcEndpointType: "Gateway",
  serviceName: pulumi.interpolate`com.amazonaws.${region.name}.s3`,
  routeTableIds: [networkPrivate1.id],
  tags: {
    Name: pulumi.interpolate`${name}-to-s3`,
  },
});

// Where api-images are sent
export const apiImagesUri = apiImages.repositoryUrl;
// Service api in the cluster
export const apiService = api.name;
// Cluster of the containers
export const containersCluster = containers.name;
// Where the load balancer answers
export const loadBalancerUrl = pulumi.interpolate`http://${loadBalancer.dnsName}`;
// Where web-cdn answers
export const webCdnDomain = webCdn.domainName;
// For taking files of web-cdn out of caches
export const webCdnId = webCdn.id;
// Bucket web-files
export const webFilesName = webFiles.bucket;
// Where worker-images are sent
export const workerImagesUri = workerImages.repositoryUrl;
// Service worker in the cluster
export const workerService = worker.name;
