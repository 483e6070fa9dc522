// The EC2 family: its table of actions, and how it speaks and refuses.
import { ec2Response, type Family } from "./action.ts";
import { ec2Error, AwsError } from "./errors.ts";
import { describeInstances } from "./ec2-instances.ts";
import { describeAvailabilityZones } from "./ec2-zones.ts";

export const ec2: Family = {
  service: "ec2",
  version: "2016-11-15",
  toResponse: ec2Response("http://ec2.amazonaws.com/doc/2016-11-15/"),
  toError: ec2Error,
  /** Source: "Error codes for the Amazon EC2 API": EC2 says AuthFailure (401) for an unknown key and a wrong signature alike; seen so in the terraform provider's change log. */
  unknownKey: () => new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
  mismatch: () => new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
  actions: {
    DescribeInstances: describeInstances,
    DescribeAvailabilityZones: describeAvailabilityZones,
  },
};
