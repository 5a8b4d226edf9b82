package im.signet.client.secret;

import im.signet.client.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {}
