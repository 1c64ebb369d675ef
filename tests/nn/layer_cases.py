"""Layers without recurrence, each with options and inputs that fit: the table of the tests for all of them."""

import numpy as np

_RNG = np.random.default_rng(0)


def x(*shape):
    return _RNG.standard_normal(shape)


def positive(*shape):
    return _RNG.uniform(0.05, 0.95, shape)


def ints(high, *shape):
    return _RNG.integers(0, high, shape)


def signs(*shape):
    return _RNG.choice([-1.0, 1.0], shape)


def shares(*shape):
    values = positive(*shape)
    return values / values.sum(-1, keepdims=True)


PLAIN = """
ReLU() ReLU(True) LeakyReLU() LeakyReLU(0.2,True) PReLU() PReLU(3,0.1) ELU() ELU(0.5,True) SELU() SELU(True) CELU()
CELU(2.0,inplace=True) Sigmoid() Tanh() LogSigmoid() Softsign() Tanhshrink() Softplus() Softplus(2,5) GELU()
GELU('tanh') SiLU() SiLU(True) Mish() Mish(inplace=True) GLU() GLU(0) Hardtanh() Hardtanh(-0.5,0.5,True) ReLU6()
ReLU6(True) Hardsigmoid() Hardswish() Hardshrink() Hardshrink(0.1) Softshrink() Softshrink(0.1) Threshold(0.1,20)
Threshold(0.1,20.0,inplace=True) Softmax(1) LogSoftmax(-1) Softmin(1) Identity() Identity(54,a=1) Flatten()
Flatten(0,1) Unflatten(2,(2,2)) RMSNorm(4) RMSNorm((3,4),1e-3,False) LayerNorm(4) LayerNorm([3,4],bias=False)
LayerNorm(4,1e-3,False) GroupNorm(3,3) GroupNorm(1,3,affine=False) GroupNorm(1,3,bias=False) LocalResponseNorm(2)
LocalResponseNorm(3,0.1,0.5,2.0) BatchNorm1d(3) BatchNorm1d(3,1e-3,None) BatchNorm1d(3,affine=False)
BatchNorm1d(3,track_running_stats=False) BatchNorm1d(3,bias=False) InstanceNorm1d(3)
InstanceNorm1d(3,affine=True,track_running_stats=True) InstanceNorm1d(3,affine=True,bias=False) Linear(4,5)
Linear(4,5,bias=False) MaxPool1d(2) AvgPool1d(2) LPPool1d(2,2) AdaptiveAvgPool1d(3) AdaptiveMaxPool1d(2)
ConstantPad1d((1,2),0.5) ZeroPad1d(1) ReflectionPad1d(2) ReplicationPad1d((3,1)) CircularPad1d(1) Conv1d(3,6,3)
Conv1d(3,6,3,padding='same',padding_mode='circular') ConvTranspose1d(3,2,3,stride=2) Upsample(scale_factor=2)
Upsample(7,mode='linear') Dropout() Dropout(0.2,True) Dropout1d() AlphaDropout(0.1) FeatureAlphaDropout()
"""
IMAGES = """
Softmax2d() PixelShuffle(2) PixelUnshuffle(2) ChannelShuffle(2) Conv2d(4,6,3)
Conv2d(4,6,(3,2),(2,1),(1,0),bias=False) Conv2d(4,6,3,padding='same')
Conv2d(4,6,2,padding='same',padding_mode='reflect') Conv2d(4,6,3,padding='valid') Conv2d(4,6,3,2,1,2,2)
Conv2d(4,4,3,padding=(1,2),groups=4,padding_mode='replicate') Conv2d(4,4,3,padding=(2,1),padding_mode='circular')
ConvTranspose2d(4,6,3) ConvTranspose2d(4,6,3,2,1,1,2,False,2) ConvTranspose2d(4,6,(3,2),stride=(2,1),padding=(1,0))
MaxPool2d(2) MaxPool2d(3,2,1) MaxPool2d((2,3),ceil_mode=True) MaxPool2d(2,return_indices=True)
MaxPool2d(2,dilation=2) AvgPool2d(2) AvgPool2d(3,2,1,True,False) AvgPool2d((2,1),divisor_override=3) LPPool2d(2,2)
LPPool2d(4.0,(2,1),1,True) AdaptiveAvgPool2d(2) AdaptiveAvgPool2d((None,3)) AdaptiveMaxPool2d((2,1))
AdaptiveMaxPool2d(2,True) Unfold(2) Unfold((2,1),1,1,2) BatchNorm2d(4) BatchNorm2d(4,0.1,0.5)
BatchNorm2d(4,momentum=None) InstanceNorm2d(4) InstanceNorm2d(4,track_running_stats=True) ConstantPad2d(1,3.5)
ZeroPad2d((1,2,3,0)) ZeroPad2d(-1) ReflectionPad2d(1) ReplicationPad2d((1,0,2,1)) CircularPad2d(2) Upsample((8,9))
Upsample(None,(2,1.5),'bilinear') Upsample(scale_factor=2,mode='bicubic',align_corners=True)
UpsamplingNearest2d(scale_factor=2) UpsamplingBilinear2d((8,8)) Dropout2d(0.3) Flatten(1)
"""
VOLUMES = """
Conv3d(2,4,2) Conv3d(2,4,2,2,1,groups=2,padding_mode='reflect') ConvTranspose3d(2,4,2)
ConvTranspose3d(2,4,(2,1,2),2,output_padding=1) MaxPool3d(2) AvgPool3d(2) AvgPool3d(2,1,1,count_include_pad=False)
LPPool3d(2,2) AdaptiveAvgPool3d((2,1,None)) AdaptiveMaxPool3d(2) BatchNorm3d(2) InstanceNorm3d(2)
InstanceNorm3d(2,affine=True) ConstantPad3d(1,0.5) ZeroPad3d(1) ReflectionPad3d(1) ReplicationPad3d(1)
CircularPad3d(1) Upsample(scale_factor=2.0,mode='trilinear') Dropout3d()
"""
OTHERS = {
    "Bilinear(3,4,2)": (x(5, 3), x(5, 4)),
    "Bilinear(3,4,2,bias=False)": (x(2, 5, 3), x(2, 5, 4)),
    "Fold((4,5),2)": (x(2, 8, 12),),
    "Fold(4,(2,1),1,1,2)": (x(2, 4, 9),),
    "RReLU(0.1,0.3)": (x(3, 4),),
    "RReLU(inplace=True)": (x(3, 4),),
    "Embedding(7,3)": (ints(7, 2, 5),),
    "Embedding(7,3,padding_idx=-1)": (ints(7, 2, 5),),
    "Embedding(7,3,2,max_norm=1.0,norm_type=1.0,scale_grad_by_freq=True,sparse=False)": (ints(7, 2, 5),),
    "EmbeddingBag(7,3)": (ints(7, 2, 5),),
    "EmbeddingBag(7,3,1.0,1.0,mode='sum',padding_idx=2)": (ints(7, 5), np.array([0, 3])),
    "EmbeddingBag(7,3,mode='max',include_last_offset=True)": (ints(7, 5), np.array([0, 3, 5])),
    "MaxUnpool1d(2)": (x(1, 2, 2), np.array([[[0, 2], [1, 3]]])),
    "MaxUnpool2d(2)": (x(1, 1, 1, 2), np.array([[[[0, 3]]]])),
    "MaxUnpool3d(2,2,0)": (x(1, 1, 1, 1, 2), np.array([[[[[0, 3]]]]])),
    "CosineSimilarity()": (x(4, 3), x(4, 3)),
    "CosineSimilarity(0,1e-3)": (x(4, 3), x(4, 3)),
    "PairwiseDistance()": (x(4, 3), x(4, 3)),
    "PairwiseDistance(1,1e-3,True)": (x(4, 3), x(4, 3)),
    "MSELoss()": (x(4, 3), x(4, 3)),
    "MSELoss(reduction='sum')": (x(4, 3), x(4, 3)),
    "L1Loss(reduction='none')": (x(4, 3), x(4, 3)),
    "SmoothL1Loss(beta=0.5)": (x(4, 3), x(4, 3)),
    "HuberLoss('sum',0.5)": (x(4, 3), x(4, 3)),
    "CrossEntropyLoss(label_smoothing=0.1)": (x(4, 3), ints(3, 4)),
    "CrossEntropyLoss(ignore_index=1,reduction='sum')": (x(4, 3, 2), ints(3, 4, 2)),
    "NLLLoss()": (x(4, 3), ints(3, 4)),
    "AdaptiveLogSoftmaxWithLoss(4,6,[2,4])": (x(5, 4), ints(6, 5)),
    "BCELoss()": (positive(4, 3), ints(2, 4, 3).astype(float)),
    "BCEWithLogitsLoss(reduction='none')": (x(4, 3), positive(4, 3)),
    "GaussianNLLLoss(full=True)": (x(4, 3), x(4, 3), positive(4, 3)),
    "PoissonNLLLoss()": (x(4, 3), positive(4, 3)),
    "PoissonNLLLoss(False,True,eps=1e-3)": (positive(4, 3), 5 * positive(4, 3)),
    "KLDivLoss(reduction='batchmean')": (x(4, 3), shares(4, 3)),
    "KLDivLoss(reduction='sum',log_target=True)": (x(4, 3), x(4, 3)),
    "MarginRankingLoss(0.3)": (x(4), x(4), signs(4)),
    "HingeEmbeddingLoss()": (x(4, 3), signs(4, 3)),
    "SoftMarginLoss()": (x(4, 3), signs(4, 3).astype(int)),
    "MultiMarginLoss()": (x(4, 3), ints(3, 4)),
    "MultiMarginLoss(2,0.5,reduction='none')": (x(4, 3), ints(3, 4)),
    "MultiLabelMarginLoss()": (x(2, 4), np.array([[1, 0, -1, 2], [3, -1, 0, 0]])),
    "MultiLabelSoftMarginLoss()": (x(4, 3), ints(2, 4, 3).astype(float)),
    "CosineEmbeddingLoss(0.1)": (x(4, 3), x(4, 3), signs(4)),
    "TripletMarginLoss(0.5,swap=True)": (x(4, 3), x(4, 3), x(4, 3)),
    "TripletMarginWithDistanceLoss(margin=0.5)": (x(4, 3), x(4, 3), x(4, 3)),
    "CTCLoss()": (np.log(shares(6, 2, 4)), ints(3, 2, 3) + 1, np.array([6, 5]), np.array([3, 2])),
}
OWN = {  # layers that PyTorch has not
    "Maxout(2)": (x(3, 4),),
    "Maxout(3,dim=0)": (x(3, 4),),
    "Step()": (x(3, 4),),
}
RANDOM = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "RReLU")
CASES = {
    **{text: (x(2, 3, 4),) for text in PLAIN.split()},
    **{text: (x(2, 4, 6, 6),) for text in IMAGES.split()},
    **{text: (x(2, 2, 4, 4, 4),) for text in VOLUMES.split()},
    **OTHERS,
}
